import { devTls } from '@h2lab/tls-context'
import { embedded, estimateRatio, h2load, IMPLEMENTATION_TARGETS } from '../dist/index.js'

/*
 * How fast the embedded generator is beside h2load, in turns against one server, with TLS: requests per second and
 * CPU time of the generator per request. Each repetition starts the server and both generators anew.
 *
 * BENCH_REPETITIONS sets how many there are, and BENCH_WARMUP the seconds of warm-up: on a busy machine 1,000 handshakes
 * take longer.
 */

const REPETITIONS = Number(process.env.BENCH_REPETITIONS ?? 8)
/** As many handshakes take a while, and h2load begins to count it with the first. */
const WARMUP = Number(process.env.BENCH_WARMUP ?? 4)
const DURATION = 1
const SERVER = 'async/mini'

/** What the generator has to reach: how many times h2load's requests per second at least, and its CPU at most. */
const CASES = [
  { clients: 5, streams: 100, rate: 1.5, cpu: 1 },
  { clients: 1000, streams: 1, rate: 1, cpu: undefined },
]

const availability = await h2load.availability()
if (availability.state === 'unavailable') {
  console.log(`skipped: ${availability.reason}`)
  process.exit()
}

const tls = await devTls()
const target = IMPLEMENTATION_TARGETS.find(({ name }) => name === SERVER)
const NO_EVENTS = { measureStart: async () => {}, measureEnd: async () => {} }

/** One repetition: the generators take turns, and who begins takes turns, too. */
async function repetition(load, round) {
  const server = await target.start({ tls })
  try {
    const figures = new Map()
    const order = round % 2 === 0 ? [embedded, h2load] : [h2load, embedded]
    for (const generator of order) {
      const result = await generator.run({ ...load, url: server.url }, NO_EVENTS)
      const { requests, duration, cpu } = result
      if (requests.failed > 0) throw new Error(`${generator.name}: ${requests.failed} failed`)
      figures.set(generator, { rate: requests.succeeded / duration, cpu: cpu / requests.total })
    }
    return { ours: figures.get(embedded), theirs: figures.get(h2load) }
  } finally {
    await server.stop()
  }
}

for (const { clients, streams, rate, cpu } of CASES) {
  const load = { httpVersion: 'h2', clients, streams, duration: DURATION, warmup: WARMUP }
  const pairs = []
  for (let round = 0; round < REPETITIONS; round++) pairs.push(await repetition(load, round))
  console.log(
    `${SERVER}, TLS, ${clients} x ${streams}, embedded to h2load, ${REPETITIONS} repetitions:`,
  )
  const last = pairs.at(-1)
  for (const figure of ['rate', 'cpu']) {
    const ratio = estimateRatio(
      pairs.map(({ ours, theirs }) => ({ of: ours[figure], by: theirs[figure] })),
    )
    const name = figure === 'rate' ? 'requests per second' : 'CPU of the generator per request'
    console.log(
      `  ${name}: ${shown(ratio)}; last: ${last.ours[figure].toPrecision(3)} to ${last.theirs[figure].toPrecision(3)}`,
    )
  }
  console.log(
    `  to be at least ${rate} times the rate${cpu === undefined ? '' : `, at most ${cpu} times the CPU`}`,
  )
}

function shown({ value, low, high }) {
  return `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`
}
