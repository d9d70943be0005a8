import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { install, run, tryToRun } from './setup.mjs'

// `npm run check:packages`: checks the packages as they would be published. publint checks that exports, files and
// formats match. attw checks that TypeScript finds the right types with import and require.

install()
run('turbo', ['run', 'build', '--output-logs=errors-only'])

const folder = mkdtempSync(join(tmpdir(), 'h2lab-packages-'))
let failed = 0
try {
  run('pnpm', ['--recursive', 'pack', '--pack-destination', folder, '--silent'])
  for (const file of readdirSync(folder)) {
    const tarball = join(folder, file)
    console.log(`\n${file}`)
    failed += tryToRun('publint', ['run', tarball, '--strict'])
    // node16 excludes the module resolution of Node 10, which does not support exports.
    failed += tryToRun('attw', [tarball, '--profile', 'node16', '--no-definitely-typed'])
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1
