import { join } from 'node:path'
import { install, root, run } from './setup.mjs'

// `npm run attack`: hostile clients against the servers that are built here, or another on this machine. What follows `--`
// goes to the suite: `npm run attack -- --help`.
install()
run('turbo', ['run', 'build', '--output-logs=errors-only'])
run('tsup', ['--config', join(root, 'attack/tsup.config.ts'), '--silent'])
run(process.execPath, [join(root, 'attack/dist/attack.js'), ...process.argv.slice(2)])
