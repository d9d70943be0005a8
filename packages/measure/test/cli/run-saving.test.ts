import { existsSync } from 'node:fs'
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testWithProgram } from '../../../../test-support/programs'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { IMPLEMENTATIONS, readResults } from '../../src'
import { h2lab, h2labInto, startH2lab } from '../support/h2lab'
import { HAS_PROC } from '../support/processes'
import { testWithSmallDisk } from '../support/small-disk'

/*
 * What a run leaves behind, also where it can't be saved.
 */

const BRIEF = ['--duration', '0.1', '--warmup', '0', '--streams', '5', '--clients', '1']
const ONCE = ['--repeat', '1']

/** A run of one implementation. */
function briefRun(...args: string[]): string[] {
  const repeat = args.includes('--repeat') ? [] : ONCE
  return ['run', ...BRIEF, ...repeat, '--implementations', 'async/mini', ...args]
}

describe('the folder', () => {
  test.skipIf(!HAS_PROC)('that can not be made ends the run before it begins', async () => {
    const { code, stdout, stderr } = await h2lab(briefRun('--out', '/proc/x'))
    expect(stderr).toContain("Can't save results in /proc/x: ENOENT")
    expect(stderr).not.toContain('[1/1]')
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  test('is not left behind by a run that can not begin', async () => {
    const folder = await temporaryFolder()
    const generator = ['--generator-command', 'no-such-h2load', '--out', 'made/for/it']
    const { code } = await h2lab(['run', ...BRIEF, ...generator], folder)
    expect(code).toBe(1)
    expect(await readdir(folder)).toEqual([])
  })

  test('is another one for each run, also of those that start in the same second', async () => {
    const folder = await temporaryFolder()
    const ended = await Promise.all([1, 2, 3].map(() => h2lab(briefRun(), folder)))
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0])
    const made = await readdir(join(folder, 'results'))
    expect(made).toHaveLength(3)
    for (const name of made) {
      expect((await readResults(join(folder, 'results', name))).trials).toHaveLength(1)
    }
  })
})

describe('on a full disk', () => {
  testWithSmallDisk('a run does not begin', async (disk) => {
    await disk.fill()
    const { code, stdout, stderr } = await h2lab(briefRun('--out', join(disk.path, 'run')))
    expect(stderr).toContain('ENOSPC')
    expect(stderr).not.toContain('[1/1]')
    expect(stdout).toBe('')
    expect(code).toBe(1)
    expect(await readdir(disk.path)).toEqual(['filler'])
  })

  testWithSmallDisk('a run shows its table, and says how to save the rest', async (disk) => {
    const out = join(disk.path, 'run')
    const run = startH2lab(briefRun('--repeat', '12', '--out', out))
    await run.printed('[2/12]')
    await disk.fill()
    const { code, stdout, stderr } = await run.ended
    expect(stdout).toContain('async/mini')
    expect(stdout).toContain('req/s')
    expect(stdout).not.toContain('Report:')
    expect(stderr).toContain('[12/12]')
    expect(stderr).toContain(`Can't save results in ${out}: ENOSPC`)
    expect(stderr).toContain(`npx h2lab report ${out}`)
    expect(code).toBe(1)

    // What it says is enough to have everything.
    const saved = (await readResults(out)).trials
    expect(stderr).toContain(`${saved.length} of 12 trials are saved in ${out}/trials.jsonl.`)
    const unsaved = stderr.split('\n').filter((line) => line.startsWith('{'))
    expect(saved.length + unsaved.length).toBe(12)
    await disk.makeRoom()
    const file = join(out, 'trials.jsonl')
    const lines = unsaved.map((line) => `${line}\n`).join('')
    await writeFile(file, (await readFile(file, 'utf8')) + lines)
    expect(await h2lab(['report', out])).toMatchObject({ code: 0 })
    expect((await readResults(out)).trials.map(({ trial }) => trial)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    )
  })
})

test.skipIf(!existsSync('/dev/full'))(
  'what can not be printed is a fault, but is saved',
  async () => {
    const out = join(await temporaryFolder(), 'run')
    const { code, stderr } = await h2labInto('/dev/full', briefRun('--out', out))
    expect(stderr).toContain("Can't write to the standard output: ENOSPC")
    expect(code).toBe(1)
    expect(await readdir(out)).toContain('report.html')
  },
)

test('a reader that goes away keeps nothing from being saved', async () => {
  const out = join(await temporaryFolder(), 'run')
  const run = startH2lab(briefRun('--out', out))
  run.process.stdout!.destroy()
  expect(await run.ended).toMatchObject({ code: 0 })
  expect(await readdir(out)).toContain('report.html')
})

/** h2load, but that its first run does not end when it has measured. */
const LATE_ONCE = `#!/bin/sh
case "$*" in *--version*) exec h2load --version;; esac
h2load "$@"
if [ ! -e "$0.called" ]; then
  touch "$0.called"
  exec sleep 30
fi
`

testWithProgram('h2load', 'a trial that took too long is made again, and says so', async () => {
  const folder = await temporaryFolder()
  const generator = join(folder, 'late-once')
  await writeFile(generator, LATE_ONCE)
  await chmod(generator, 0o755)
  const out = join(folder, 'run')
  const { code, stdout, stderr } = await h2lab([
    ...['run', ...BRIEF, ...ONCE, '--implementations', 'async/mini', '--out', out],
    ...['--generator-command', generator],
  ])
  const reason = 'h2load did not end when its time was over'
  expect(stderr).toContain(`made again: async/mini, 1 client, TLS, 5 streams: ${reason}`)
  expect(stdout).toContain(`async/mini, 1 client, TLS, 5 streams, made twice: ${reason}`)
  expect(code).toBe(0)
  expect((await readResults(out)).trials).toMatchObject([
    { outcome: 'completed', repeatedAfter: expect.stringContaining(reason) },
  ])
})

const uws = IMPLEMENTATIONS.find(({ name }) => name === 'uws')!.availability()

if (uws.state === 'unavailable') test.skip(`(skipped: ${uws.reason})`)
else {
  test('the manifest and the report name the build of uWebSockets.js', async () => {
    const out = join(await temporaryFolder(), 'run')
    await h2lab(briefRun('--out', out).map((arg) => (arg === 'async/mini' ? 'uws' : arg)))
    const { manifest } = await readResults(out)
    expect(manifest.versions['uWebSockets.js']).toBe(uws.version)
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain(uws.version)
  })
}
