import { join } from 'node:path'
import { install, root, run } from './setup.mjs'

// `npm start`: from a fresh clone to the table and charts of the default experiment.
install()
run('turbo', ['run', 'build', '--output-logs=errors-only'])
run(process.execPath, [join(root, 'packages/measure/bin/h2lab.js'), 'run'])
