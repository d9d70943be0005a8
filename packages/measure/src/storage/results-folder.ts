import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { MeasureError } from '../errors'
import { describeIssue } from '../trial/describe-issue'
import { parseTrial, type Trial } from '../trial/trial'
import { type Manifest, manifestSchema } from './manifest'

/** One run, as its folder holds it. */
export interface Results {
  readonly manifest: Manifest
  readonly trials: readonly Trial[]
}

const MANIFEST_FILE = 'manifest.json'
const TRIALS_FILE = 'trials.jsonl'

/**
 * Makes the folder of a run.
 *
 * @throws MeasureError `RESULTS_UNWRITABLE` if it can't be made, or holds something
 */
export async function makeResultsFolder(folder: string): Promise<void> {
  await writing(folder, async () => {
    await mkdir(folder, { recursive: true })
    if ((await readdir(folder)).length > 0) {
      throw new Error('the folder is not empty; choose one that is, or that does not exist')
    }
    await writeFile(join(folder, TRIALS_FILE), '')
  })
}

/** Writes what is known of the run, in place of what was known before. */
export async function saveManifest(folder: string, manifest: Manifest): Promise<void> {
  await saveFile(folder, MANIFEST_FILE, `${JSON.stringify(manifest, undefined, 2)}\n`)
}

/** Adds a trial, at once: a run that is killed keeps those that have ended. */
export async function saveTrial(folder: string, trial: Trial): Promise<void> {
  await writing(folder, () => appendFile(join(folder, TRIALS_FILE), `${JSON.stringify(trial)}\n`))
}

/** Writes a file made from the results. */
export async function saveFile(folder: string, name: string, contents: string): Promise<void> {
  await writing(folder, () => writeFile(join(folder, name), contents))
}

/**
 * Reads a run.
 *
 * @throws MeasureError `RESULTS_UNREADABLE` with the file, and the line if there is one
 */
export async function readResults(folder: string): Promise<Results> {
  return { manifest: await readManifest(folder), trials: await readTrials(folder) }
}

async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, MANIFEST_FILE)
  const result = v.safeParse(manifestSchema, parseJson(await readText(file), file))
  if (result.success) return result.output
  throw unreadable(file, describeIssue(result.issues[0]))
}

async function readTrials(folder: string): Promise<Trial[]> {
  const file = join(folder, TRIALS_FILE)
  const lines = (await readText(file)).split('\n')
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    const place = `${file}:${index + 1}`
    const value = parseJson(line, place)
    try {
      return [parseTrial(value)]
    } catch (error) {
      throw unreadable(place, messageOf(error))
    }
  })
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw unreadable(file, `${messageOf(error)}. It has to be a folder that h2lab run has written`)
  }
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw unreadable(place, `no JSON: ${messageOf(error)}`)
  }
}

function unreadable(place: string, reason: string): MeasureError {
  return new MeasureError('RESULTS_UNREADABLE', `Can't read ${place}: ${reason}.`)
}

async function writing(folder: string, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (cause) {
    throw new MeasureError(
      'RESULTS_UNWRITABLE',
      `Can't save results in ${folder}: ${messageOf(cause)}.`,
      { cause },
    )
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
