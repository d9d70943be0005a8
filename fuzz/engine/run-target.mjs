import { Worker } from 'node:worker_threads'
import { bundle } from './bundle.mjs'
import { readCorpus } from './corpus.mjs'
import { wordsOf } from './words.mjs'

/** The longest input, in octets: a saved run has more than a connection needs. */
const LONGEST_INPUT = 8192

/** How long an input may take, in milliseconds. Most take less than one; a busy machine takes its time. */
const LONGEST_RUN = 30_000

/** How often the main thread looks whether the input is another one, in milliseconds. */
const LOOK_EVERY = 1000

/** What the thread of a target may allocate, in MiB: what grows without a bound ends it soon. */
const MOST_MEMORY = 1024

/**
 * Runs a target.
 *
 * @param {string} target
 * @param {object} options
 * @param {number} options.seconds how long; 0: only the saved inputs
 * @param {number} options.seed of the random changes
 * @param {boolean} options.save whether to return the shortest inputs that together reach all of it, as `smallest`
 * @param {readonly { readonly name: string, readonly octets: Buffer }[]} [options.inputs] default: the corpus
 * @param {(progress: object) => void} [options.onProgress] called every ten seconds
 * @returns {Promise<object>} `ended` with what was reached, or `failed` with the input at fault
 */
export async function runTarget(target, options) {
  const { seconds, seed, save, inputs = readCorpus(target), onProgress = () => {} } = options
  const file = await bundle(target)
  const longest = Math.max(LONGEST_INPUT, ...inputs.map(({ octets }) => octets.length))
  const shared = new SharedArrayBuffer(8 + longest)
  const state = new Int32Array(shared, 0, 2)
  const worker = new Worker(new URL('worker.mjs', import.meta.url), {
    workerData: {
      ...{ file, inputs, words: wordsOf(file, inputs), seed, seconds, longest, shared },
      wanted: save,
    },
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
  })
  return new Promise((resolve) => {
    let last = 0
    let since = performance.now()
    const timer = setInterval(() => {
      const now = Atomics.load(state, 0)
      if (now !== last || now === 0) {
        last = now
        since = performance.now()
      } else if (performance.now() - since > LONGEST_RUN) {
        fail(`The input has taken more than ${LONGEST_RUN / 1000} s.`)
      }
    }, LOOK_EVERY)
    const end = (result) => {
      clearInterval(timer)
      worker.terminate()
      resolve(result)
    }
    /** The thread can't tell by itself. */
    const fail = (text) => {
      const octets = Buffer.from(new Uint8Array(shared, 8, state[1]))
      end({ type: 'failed', octets, text, runs: Atomics.load(state, 0) })
    }
    worker.on('message', (message) => {
      if (message.type === 'progress') onProgress(message)
      else end(message)
    })
    worker.on('error', (error) => fail(error.stack ?? String(error)))
    worker.on('exit', (code) => fail(`The thread has ended with code ${code}.`))
  })
}
