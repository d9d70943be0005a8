import { devTls } from '@h2lab/tls-context'
import {
  CLIPS,
  defineExperiment,
  embedded,
  estimate,
  estimateRatio,
  h2load,
  loadedServer,
  runExperiment,
} from '../dist/index.js'
import { withInterval } from './support/expectations.mjs'
import { repetitionsOr } from './support/in-turns.mjs'

/*
 * Whether the two load generators find the same on the same cell. Wherever neither of them is saturated they
 * have to agree within 15 %: on requests per second and on the server's CPU time per request. Each repetition is a trial
 * with either, one after the other, whose ratio is taken. They DISAGREE if the whole interval of the ratio is
 * beyond that, agree if it is within, and else it is undecided.
 *
 *   node bench/generators-agree.bench.mjs [repetitions]
 */

const ALLOWED = 1.15
const DURATION = 1
const WARMUP = 0.5

/** Busier than this for its one thread, a generator is the limit. */
const SATURATED = 0.9

const CELLS = [
  { implementation: 'async/mini', scenario: { clients: 1, tls: true }, streams: 1 },
  { implementation: 'async/mini', scenario: { clients: 1, tls: true }, streams: 10 },
  { implementation: 'async/mini', scenario: { clients: 5, tls: true }, streams: 100 },
  { implementation: 'async/mini', scenario: { clients: 1, tls: false }, streams: 10 },
  { implementation: 'node-http2', scenario: { clients: 1, tls: true }, streams: 1 },
  { implementation: 'node-http2', scenario: { clients: 5, tls: true }, streams: 10 },
  { implementation: 'node-http2', scenario: { clients: 5, tls: true }, streams: 100 },
  // HTTP/1.1: streams are pipelined requests.
  { implementation: 'uws', scenario: { clients: 1, tls: true }, streams: 10 },
  { implementation: 'uws', scenario: { clients: 5, tls: true }, streams: 100 },
]

const GENERATORS = [embedded, h2load]

for (const generator of GENERATORS) {
  const availability = await generator.availability()
  if (availability.state === 'unavailable') {
    console.log(`skipped: ${availability.reason}`)
    process.exit()
  }
}

const repetitions = repetitionsOr(5)
const tls = await devTls()

for (const cell of CELLS) {
  const trials = GENERATORS.map(() => [])
  for (let round = 0; round < repetitions; round++) {
    for (const [index, generator] of GENERATORS.entries()) {
      trials[index].push(await measure(cell, generator))
    }
  }
  const columnOf = (index, column) => estimate(trials[index].map((trial) => trial[column]))
  const busy = GENERATORS.map((_, index) => columnOf(index, 'generatorUtilisation'))
  const isSaturated = busy.some(({ value }) => value >= SATURATED)
  const { clients, tls: withTls } = cell.scenario
  console.log(
    `${cell.implementation}, ${clients} x ${cell.streams}, ${withTls ? 'TLS' : 'plain TCP'}`,
  )
  for (const column of ['requestsPerSecond', 'serverCpuPerRequest']) {
    const ratio = estimateRatio(
      trials[0].map((trial, round) => ({ of: trial[column], by: trials[1][round][column] })),
    )
    const verdict = isSaturated ? 'saturated' : verdictOf(ratio)
    if (verdict === 'DISAGREE') process.exitCode = 1
    console.log(`  ${column.padEnd(20)} embedded to h2load ${withInterval(ratio)}  ${verdict}`)
  }
  console.log(
    `  generators busy      embedded ${withInterval(busy[0])}, h2load ${withInterval(busy[1])}`,
  )
}

async function measure(cell, generator) {
  const experiment = defineExperiment({
    name: 'one-cell',
    title: 'one cell with one generator',
    variables: {
      scenario: [cell.scenario],
      streams: [cell.streams],
      implementation: [cell.implementation],
    },
    simulator: loadedServer({ generator, tls, duration: DURATION, warmup: WARMUP }),
    clips: CLIPS,
  })
  for await (const outcome of runExperiment(experiment)) {
    if (outcome.outcome === 'failed') throw outcome.error
    return outcome.columns
  }
}

function verdictOf({ low, high }) {
  if (low > ALLOWED || high < 1 / ALLOWED) return 'DISAGREE'
  return low >= 1 / ALLOWED && high <= ALLOWED ? 'agree' : 'undecided'
}
