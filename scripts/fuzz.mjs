import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { addToCorpus, findingsFolder, saveInput, targetNames } from '../fuzz/engine/corpus.mjs'
import { install, root } from './setup.mjs'

// `npm run fuzz`: coverage-guided fuzzing of what reads octets of others. See CONTRIBUTING.md.

const HELP = `Usage: npm run fuzz -- [options]

Runs the targets in fuzz/targets, one after another: first with the inputs in fuzz/corpus, then with inputs made of
them. Inputs that reach new code are changed further. An input with which a target fails is saved in fuzz/findings.

  --target NAME   Only this target; may be given several times: ${targetNames.join(', ')}
  --seconds N     How long each target runs, 0 to 86400; 0: only the inputs in fuzz/corpus (default: 120)
  --short         3 seconds each, as npm test does
  --seed N        Seed of the random changes, 0 to 4294967295 (default: 1)
  --input FILE    Only this input, to one target: shows how it fails
  --save          Adds inputs that reach new code to fuzz/corpus
  --help          Shows this text

Exit code: 0; 1 if a target failed; 2 for wrong usage.`

const OPTIONS = {
  target: { type: 'string', multiple: true },
  seconds: { type: 'string' },
  short: { type: 'boolean' },
  seed: { type: 'string' },
  input: { type: 'string' },
  save: { type: 'boolean' },
  help: { type: 'boolean' },
}

const LONG = 120
const SHORT = 3
const MOST_SECONDS = 86_400
const MOST_SEED = 2 ** 32 - 1

class UsageError extends Error {}

/** Reads the options. */
function settingsOf(args) {
  let values
  try {
    values = parseArgs({ args, options: OPTIONS, strict: true }).values
  } catch (error) {
    throw new UsageError(error.message)
  }
  const { target = targetNames, seconds, short = false, seed, input, save = false, help } = values
  for (const name of target) {
    if (targetNames.includes(name)) continue
    throw new UsageError(
      `--target can't be ${JSON.stringify(name)}: it must be one of ${targetNames.join(', ')}.`,
    )
  }
  if (short && seconds !== undefined)
    throw new UsageError('--short and --seconds exclude each other.')
  if (input !== undefined && values.target?.length !== 1) {
    throw new UsageError('--input needs the one target that gets it: --target NAME.')
  }
  if (input !== undefined && (short || save || seconds !== undefined)) {
    throw new UsageError('--input runs once: it excludes --short, --seconds and --save.')
  }
  return {
    targets: [...new Set(target)],
    seconds: integerOf('seconds', seconds, short ? SHORT : LONG, MOST_SECONDS),
    seed: integerOf('seed', seed, 1, MOST_SEED),
    inputs: input === undefined ? undefined : [{ name: input, octets: readInput(input) }],
    save,
    help,
  }
}

function integerOf(name, text, otherwise, most) {
  if (text === undefined) return otherwise
  if (/^\d{1,10}$/.test(text) && Number(text) <= most) return Number(text)
  throw new UsageError(
    `--${name} can't be ${JSON.stringify(text)}: it must be an integer from 0 to ${most}.`,
  )
}

function readInput(file) {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new UsageError(`--input can't be read: ${error.message}.`)
  }
}

function progressText({ runs, reached, size, corpus, seconds }) {
  const perSecond = Math.round(runs / Math.max(seconds, 0.001))
  return `${runs} runs, ${perSecond} per second, ${reached} of ${size} reached, ${corpus} inputs`
}

/** Runs one target and reports. Returns whether it failed. */
async function fuzzTarget(runTarget, target, { seconds, seed, inputs, save }) {
  const result = await runTarget(target, {
    seconds: inputs === undefined ? seconds : 0,
    seed,
    save,
    inputs,
    onProgress: (progress) => console.log(`${target}: ${progressText(progress)} ...`),
  })
  if (result.type === 'ended') {
    console.log(`${target}: ${progressText(result)}`)
    if (save) {
      console.log(`${target}: ${addToCorpus(target, result.smallest)} inputs added to its corpus`)
    }
    return false
  }
  const { octets, text, name, runs } = result
  console.log(`${target}: failed at run ${runs}${name === undefined ? '' : ` (${name})`}: ${text}`)
  if (inputs === undefined) {
    const file = nameOf(saveInput(findingsFolder(target), octets))
    console.log(`Again: npm run fuzz -- --target ${target} --input ${file}`)
  }
  return true
}

function nameOf(path) {
  return relative(root, path)
}

try {
  const settings = settingsOf(process.argv.slice(2))
  if (settings.help) console.log(HELP)
  else {
    install()
    // Needs what is installed.
    const { runTarget } = await import('../fuzz/engine/run-target.mjs')
    const failed = []
    for (const target of settings.targets) {
      if (await fuzzTarget(runTarget, target, settings)) failed.push(target)
    }
    for (const target of failed) console.log(`failed: fuzz ${target}`)
    process.exitCode = failed.length === 0 ? 0 : 1
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`${error.message}\nSee npm run fuzz -- --help.`)
  process.exitCode = 2
}
