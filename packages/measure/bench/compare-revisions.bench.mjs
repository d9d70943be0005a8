import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { holdTogether } from '../dist/index.js'

/*
 * Whether `h2lab compare --revisions` finds what it should: in a clone of this repository, its revision against itself
 * shows nothing, and against one whose protocol needs 5 % more CPU time for each request it shows that. What counts is the
 * last commit. The arguments go to h2lab.
 *
 *   node bench/compare-revisions.bench.mjs [--budget 10] [--precision 1%]
 */

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const H2LAB = join(repository, 'packages', 'measure', 'bin', 'h2lab.js')
const BURNING = fileURLToPath(new URL('./support/burning.mjs', import.meta.url))

/** Where the protocol calls its handler. */
const APPLICATION = 'packages/mini-http2/src/application'
const CALL = '    const returned: unknown = options.handler(request, response)\n'
const SHARE = 0.05

const folder = mkdtempSync(join(tmpdir(), 'h2lab-bench-'))
try {
  git('clone', '--quiet', '--no-hardlinks', repository, folder)
  plant()
  for (const [revisions, expected] of [
    ['HEAD~1,HEAD~1', 'none'],
    ['HEAD~1,HEAD', 'worse'],
  ]) {
    const { outcome, points } = compare(revisions)
    const ofCpu = points.map(({ effects }) =>
      effects.find(({ figure }) => figure === 'serverCpuPerRequest'),
    )
    // In one of twenty runs something is claimed that is not there, whatever the number of points.
    const together = holdTogether(ofCpu.map(({ ratio }) => ratio))
    for (const [index, { subject, failures }] of points.entries()) {
      for (const reason of failures) console.log(`${revisions}: ${subject}: failed: ${reason}`)
      const { ratio, verdict } = ofCpu[index]
      const isRight = expected === 'none' ? !together[index] : ['worse', 'beyond'].includes(verdict)
      if (!isRight) process.exitCode = 1
      console.log(
        `${revisions}: ${subject}: ${ratio.value.toFixed(3)} (${ratio.low.toFixed(3)} to ${ratio.high.toFixed(3)}), ` +
          `${ratio.repetitions} repetitions: ${verdict}, to be ${expected}: ${isRight ? 'holds' : 'MISSED'} (${outcome})`,
      )
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function git(...args) {
  const identity = ['-c', 'user.name=Benchmark', '-c', 'user.email=benchmark@localhost']
  return execFileSync('git', [...identity, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** Commits a protocol that burns CPU time for each request. */
function plant() {
  const burning = `// @ts-nocheck\n${readFileSync(BURNING, 'utf8')}`
  writeFileSync(join(folder, APPLICATION, 'burning.ts'), burning)
  const file = join(folder, APPLICATION, 'call-handler.ts')
  const source = readFileSync(file, 'utf8')
  if (!source.includes(CALL)) throw new Error(`${file} does not call the handler as it did.`)
  writeFileSync(
    file,
    `import { burner } from './burning'\n${source.replace(CALL, `    burn()\n${CALL}`)}\nconst burn = burner(${SHARE})\n`,
  )
  git('add', '--all')
  git('commit', '--quiet', '--message', 'Plant a slowdown')
}

/** What h2lab compare says of two revisions of the clone. */
function compare(revisions) {
  const args = [H2LAB, 'compare', '--revisions', revisions, '--json', ...process.argv.slice(2)]
  const { stdout, status } = spawnSync(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  if (stdout === '') throw new Error(`h2lab compare ended with ${status}.`)
  return JSON.parse(stdout)
}
