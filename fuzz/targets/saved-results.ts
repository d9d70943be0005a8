import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MeasureError } from '../../packages/measure/src/errors'
import { type Results, readResults } from '../../packages/measure/src/storage/results-folder'
import { toCells } from '../../packages/measure/src/summary/cells'
import { parseTrial } from '../../packages/measure/src/trial/trial'
import { check, checkSame } from '../support/invariant'

/*
 * The files of a saved run: trials.jsonl, NUL, manifest.json. Without NUL, the manifest is that of the last input that
 * had one.
 *
 * They are read, or refused with RESULTS_UNREADABLE. What was read is the same when it is saved and read again.
 */

const folder = mkdtempSync(join(tmpdir(), 'h2lab-fuzz-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

export async function fuzz(octets: Uint8Array): Promise<void> {
  const end = octets.indexOf(0)
  const trials = octets.subarray(0, end < 0 ? octets.length : end)
  const manifest = end < 0 ? '{}' : octets.subarray(end + 1)
  await oneFile(trials)
  const results = await read(trials, manifest)
  if (results === undefined) return
  const lines = results.trials.map((trial) => JSON.stringify(trial)).join('\n')
  const again = await read(lines, JSON.stringify(results.manifest))
  checkSame(again, results, 'what was read is the same when it is saved and read again')
  toCells(results.trials)
}

/** A trial is looked at even if there is no manifest. */
async function oneFile(trials: Uint8Array): Promise<void> {
  for (const line of Buffer.from(trials).toString().split('\n')) {
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      continue
    }
    try {
      toCells([parseTrial(value)])
    } catch (error) {
      check(
        error instanceof TypeError && error.constructor === TypeError,
        `it is refused: ${error}`,
      )
      check(!/not a function|read properties/.test(error.message), `it is refused: ${error}`)
    }
  }
}

async function read(
  trials: Uint8Array | string,
  manifest: Uint8Array | string,
): Promise<Results | undefined> {
  writeFileSync(join(folder, 'trials.jsonl'), trials)
  writeFileSync(join(folder, 'manifest.json'), manifest)
  try {
    return await readResults(folder)
  } catch (error) {
    check(error instanceof MeasureError, `only a MeasureError is thrown: ${error}`)
    check(error.code === 'RESULTS_UNREADABLE', `the code is RESULTS_UNREADABLE: ${error.code}`)
    return undefined
  }
}
