import { join } from 'node:path'
import { install, root, run } from './setup.mjs'

// `npm run soak`: the servers that are built here, with clients that come, go and misbehave for a long time. What follows
// `--` goes to the suite: `npm run soak -- --help`.
install()
run('turbo', ['run', 'build', '--output-logs=errors-only'])
run('tsup', ['--config', join(root, 'soak/tsup.config.ts'), '--silent'])
run(process.execPath, [join(root, 'soak/dist/soak.js'), ...process.argv.slice(2)])
