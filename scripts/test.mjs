import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { install, root, tryToRun } from './setup.mjs'

// `npm test`: runs all tests of all packages, and the fuzzer for a short time. Prints a line for each failure, and a
// summary.

/** Programs that tests run. A test without its program is skipped, or fails in CI. */
const PROGRAMS = [
  'chromium',
  'curl',
  'go',
  'h2load',
  'ip',
  'nghttp',
  'openssl',
  'setpriv',
  'ssh',
  'sshd',
  'unshare',
]

const isThere = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))

const resultFiles = [
  ...readdirSync(join(root, 'packages')).map((name) => join('packages', name)),
  'attack',
].map((folder) => join(root, folder, 'test-results.json'))

/** The first line of a failure message. */
const firstLine = (text) => (text ?? '').split('\n', 1)[0]

/** A line for each failure in a test file. A file that failed as a whole counts as one. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(root, name)
  const failed = assertionResults.filter((test) => test.status === 'failed')
  if (status === 'failed' && failed.length === 0) return [`${file}: ${firstLine(message)}`]
  return failed.map((test) => `${file}: ${test.fullName}: ${firstLine(test.failureMessages[0])}`)
}

/** The outcome of one package's run. */
function outcomeOf(file) {
  const name = relative(root, file)
  if (!existsSync(file)) return { passed: 0, failures: [`${name}: not written`], skipped: 0 }
  const results = JSON.parse(readFileSync(file, 'utf8'))
  const failures = results.testResults.flatMap(failuresOf)
  // A run can fail without a failed test, for example if there are no tests.
  if (failures.length === 0 && !results.success) failures.push(`${name}: no success, no failure`)
  return {
    passed: results.numPassedTests,
    failures,
    skipped: results.numPendingTests + (results.numTodoTests ?? 0),
  }
}

install()
// Results of an earlier run must not count. turbo restores those of cached runs.
for (const file of resultFiles) rmSync(file, { force: true })
// Two at a time, because servers, load generators and browsers under test need CPU time as well.
const options = ['--continue', '--concurrency=2', '--output-logs=new-only']
const status = tryToRun('turbo', ['run', 'test', ...options], {
  H2LAB_PROGRAMS: PROGRAMS.filter(isThere).join(','),
})
// Without the runs of the whole suite: their memory and latencies need a quiet machine.
const attackStatus = tryToRun('vitest', [
  'run',
  '--root',
  'attack',
  '--exclude',
  'test/suite.test.ts',
])
const fuzzed = tryToRun('node', ['scripts/fuzz.mjs', '--short'])
const outcomes = resultFiles.map(outcomeOf)
const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0)
const failures = outcomes.flatMap((outcome) => outcome.failures)
if (fuzzed !== 0) failures.push('npm run fuzz -- --short')
for (const failure of failures) console.log(`failed: ${failure}`)
console.log(`tests: ${sum('passed')} passed, ${failures.length} failed, ${sum('skipped')} skipped`)
const isFailed = status !== 0 || attackStatus !== 0
process.exitCode = isFailed || failures.length > 0 ? 1 : 0
