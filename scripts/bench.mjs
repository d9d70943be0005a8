import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { install, root, run } from './setup.mjs'

// `npm run bench`: runs every benchmark of every package, or those whose path contains a given word. The first
// argument that begins with a hyphen, and all after it, go to the benchmark: `npm run bench instrument --
// --comparisons 10`.
const args = process.argv.slice(2)
const firstOption = args.findIndex((word) => word.startsWith('-'))
const words = firstOption < 0 ? args : args.slice(0, firstOption)
const options = args.slice(words.length)

/** These take an hour or more, so they only run if they are named. */
const BY_NAME = ['instrument.bench.mjs', 'compare-revisions.bench.mjs']

const benchmarks = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name, 'bench'))
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
  .filter((file) => file.endsWith('.bench.mjs'))
  .filter((file) =>
    words.length === 0
      ? !BY_NAME.some((name) => file.endsWith(name))
      : words.some((word) => file.includes(word)),
  )

install()
run('turbo', ['run', 'build', '--output-logs=errors-only'])
for (const benchmark of benchmarks) run(process.execPath, [benchmark, ...options])
