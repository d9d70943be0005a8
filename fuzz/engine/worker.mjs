import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { Coverage } from './coverage.mjs'
import { minimised } from './minimise.mjs'
import { Mutation } from './mutation.mjs'
import { Random } from './random.mjs'

/*
 * The thread in which a target runs: first all saved inputs, then inputs made of them, until the time is over or one
 * fails. It writes each input into shared memory before it runs it, so that the main thread knows the input that never
 * returns, or that ends this thread.
 */

const { file, inputs, words, seed, seconds, longest, wanted, shared } = workerData
/** The number of the input, and its length. */
const state = new Int32Array(shared, 0, 2)
const place = Buffer.from(shared, 8)

process.setSourceMapsEnabled(true)
const { fuzz } = createRequire(import.meta.url)(file)
const coverage = new Coverage(globalThis.__coverage__)
const random = new Random(seed)
const mutation = new Mutation(random, words, longest)
const startedAt = performance.now()
/** The inputs that reached something new. */
const corpus = []
let runs = 0

// A promise that nobody awaits belongs to the input at hand.
let refused
process.on('unhandledRejection', (error) => {
  refused = { error }
})

/** Runs an input. Returns what it throws, if it does. */
async function failureOf(octets) {
  state[1] = octets.length
  place.set(octets)
  Atomics.add(state, 0, 1)
  runs++
  try {
    await fuzz(Buffer.from(octets))
    // Only then does Node tell of a promise that was refused.
    await new Promise((resolve) => setImmediate(resolve))
  } catch (error) {
    return { error }
  }
  const failure = refused
  refused = undefined
  return failure
}

/** Runs an input, and keeps it if it reaches something new. Returns whether it failed. */
async function explore(octets, name) {
  coverage.clear()
  const failure = await failureOf(octets)
  if (failure !== undefined) {
    const text = textOf(failure.error)
    const isSame = async (fewer) => {
      const other = await failureOf(fewer)
      return other !== undefined && kindOf(other.error) === kindOf(failure.error)
    }
    const least = await minimised(octets, isSame)
    parentPort.postMessage({ type: 'failed', octets: least, text, name, ...progress() })
    return true
  }
  if (coverage.isNew()) corpus.push(octets)
  return false
}

function progress() {
  const { reached, size } = coverage
  return {
    runs,
    reached,
    size,
    corpus: corpus.length,
    seconds: (performance.now() - startedAt) / 1000,
  }
}

function textOf(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** What makes two failures the same: without numbers, which vary. */
function kindOf(error) {
  return textOf(error).split('\n', 1)[0].replace(/\d+/g, '0').slice(0, 60)
}

/** The shorter one of two, which takes less time. Every second time among the last, which nobody has changed much yet. */
function chosen() {
  const last = random.below(2) === 0 ? Math.ceil(corpus.length / 5) : corpus.length
  const one = corpus[corpus.length - 1 - random.below(last)]
  const other = corpus[corpus.length - 1 - random.below(last)]
  return one.length <= other.length ? one : other
}

async function main() {
  for (const { name, octets } of inputs) {
    if (await explore(Buffer.from(octets), name)) return
  }
  if (corpus.length === 0 && (await explore(Buffer.alloc(0)))) return
  let toldAt = startedAt
  for (;;) {
    const now = performance.now()
    if (now - startedAt >= seconds * 1000) break
    if (now - toldAt > 10_000) {
      toldAt = now
      parentPort.postMessage({ type: 'progress', ...progress() })
    }
    if (await explore(mutation.of(chosen(), random.of(corpus)))) return
  }
  const ended = progress()
  parentPort.postMessage({ type: 'ended', ...ended, smallest: wanted ? await smallest() : [] })
}

/** The shortest inputs that together reach all that was reached. */
async function smallest() {
  coverage.reset()
  const found = []
  for (const octets of corpus.sort((one, other) => one.length - other.length)) {
    const before = coverage.reached
    coverage.clear()
    await failureOf(octets)
    coverage.isNew()
    if (coverage.reached > before) found.push(octets)
  }
  return found
}

await main()
// What the bundle may still have open ends with the thread.
process.exit()
