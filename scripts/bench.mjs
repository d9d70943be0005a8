import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { install, root, run } from './setup.mjs'

// `npm run bench`: every benchmark of every package, or those whose path contains a given word.
const words = process.argv.slice(2)
const benchmarks = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name, 'bench'))
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
  .filter((file) => file.endsWith('.bench.mjs'))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))

install()
run('turbo', ['run', 'build', '--output-logs=errors-only'])
for (const benchmark of benchmarks) run(process.execPath, [benchmark])
