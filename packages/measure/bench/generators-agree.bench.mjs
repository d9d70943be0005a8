import { devTls } from '@h2lab/tls-context'
import {
  CLIPS,
  defineExperiment,
  embedded,
  h2load,
  loadedServer,
  runExperiment,
} from '../dist/index.js'

/*
 * Whether the two load generators find the same on the same cell. Wherever neither of them is
 * saturated they have to agree within 15 %: on requests per second and on the server's CPU
 * time per request. The trials of both alternate, so that both meet the same machine, and each
 * is compared with its neighbour. They disagree if the pairs do so by their median and
 * all in the same direction; if only the median does, the machine was too busy to tell.
 */

const ALLOWED = 0.15
const ROUNDS = 5
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

const tls = await devTls()

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

function median(values) {
  return values.toSorted((one, other) => one - other)[values.length >>> 1]
}

let disagreements = 0
for (const cell of CELLS) {
  const trials = GENERATORS.map(() => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, generator] of GENERATORS.entries()) {
      trials[index].push(await measure(cell, generator))
    }
  }
  const medianOf = (index, column) => median(trials[index].map((trial) => trial[column]))
  const saturated = GENERATORS.filter(
    (_, index) => medianOf(index, 'generatorUtilisation') >= SATURATED,
  )
  const { clients, tls: withTls } = cell.scenario
  console.log(
    `${cell.implementation}, ${clients} x ${cell.streams}, ${withTls ? 'TLS' : 'plain TCP'}`,
  )
  for (const column of ['requestsPerSecond', 'serverCpuPerRequest']) {
    const [one, other] = GENERATORS.map((_, index) => medianOf(index, column))
    const differences = trials[0].map(
      (trial, round) => trial[column] / trials[1][round][column] - 1,
    )
    const verdict = saturated.length > 0 ? 'saturated' : verdictOf(differences)
    if (verdict === 'DISAGREE') disagreements++
    console.log(
      `  ${column.padEnd(20)} embedded ${shown(one)}  h2load ${shown(other)}  ` +
        `${percent(median(differences))} (${percent(Math.min(...differences))} to ` +
        `${percent(Math.max(...differences))})  ${verdict}`,
    )
  }
  const busy = GENERATORS.map((_, index) => medianOf(index, 'generatorUtilisation').toFixed(2))
  console.log(
    `  generators busy      embedded ${busy[0].padStart(9)}  h2load ${busy[1].padStart(9)}` +
      (saturated.length === 0
        ? ''
        : `  saturated: ${saturated.map(({ name }) => name).join(', ')}`),
  )
}

function verdictOf(differences) {
  const middle = median(differences)
  if (Math.abs(middle) <= ALLOWED) return 'agree'
  const allBeyond = differences.every((one) => one * Math.sign(middle) > ALLOWED)
  return allBeyond ? 'DISAGREE' : 'too noisy to tell'
}

function percent(share) {
  return `${(share * 100).toFixed(1).padStart(6)} %`
}

function shown(value) {
  return value.toPrecision(4).padStart(9)
}

process.exitCode = disagreements === 0 ? 0 : 1
