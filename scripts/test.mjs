import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { install, root, tryToRun } from './setup.mjs'

// `npm test`: all tests of all packages, and one line that sums them up.

/** Programs that tests drive. A test that needs one that isn't there is skipped, or fails in CI. */
const PROGRAMS = ['chromium', 'curl', 'h2load', 'nghttp', 'openssl', 'setpriv']

const isThere = (program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))

const resultFiles = readdirSync(join(root, 'packages')).map((name) =>
  join(root, 'packages', name, 'test-results.json'),
)

/** What one package's run came to. A file that failed as a whole counts as one failure. */
function countsOf(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const results = JSON.parse(readFileSync(file, 'utf8'))
  const brokenFiles = results.testResults.filter(
    (one) =>
      one.status === 'failed' && !one.assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = results.numFailedTests + brokenFiles.length
  return {
    passed: results.numPassedTests,
    // A run can fail without a test that does, for instance because there are none.
    failed: failed === 0 && !results.success ? 1 : failed,
    skipped: results.numPendingTests + (results.numTodoTests ?? 0),
  }
}

install()
// Results of an earlier run must not be counted; turbo brings those of cached runs back.
for (const file of resultFiles) rmSync(file, { force: true })
// Two at a time: servers, load generators and browsers under test need the processor themselves.
const options = ['--continue', '--concurrency=2', '--output-logs=new-only']
const status = tryToRun('turbo', ['run', 'test', ...options], {
  H2LAB_PROGRAMS: PROGRAMS.filter(isThere).join(','),
})
const total = { passed: 0, failed: 0, skipped: 0 }
for (const counts of resultFiles.map(countsOf)) {
  for (const outcome of Object.keys(total)) total[outcome] += counts[outcome]
}
console.log(`tests: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = status !== 0 || total.failed > 0 ? 1 : 0
