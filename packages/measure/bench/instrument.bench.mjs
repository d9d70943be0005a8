import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { devTls } from '@h2lab/tls-context'
import { compareInTurns, showsDifference, studentTQuantile } from '../dist/index.js'
import { benchTargets, progress } from './support/in-turns.mjs'

/*
 * Whether the instrument tells the truth. A server is compared with a twin, again and again, as `h2lab compare` does by default:
 *
 * - with one that is the same: at 95 % confidence no more than one in ten comparisons may claim a difference;
 * - with one that burns 5 % more CPU time for each request: nineteen of twenty have to find it.
 *
 *   node bench/instrument.bench.mjs [--comparisons 40] [--effects 0%,5%] [--precision 2%] [--budget 3]
 *                                   [--clients 5] [--streams 100] [--results FILE]
 *
 * By hand, since it takes hours: --effects 2% --precision 1% --budget 30. With --results each comparison is kept, and one
 * that was interrupted goes on where it was. Comparisons count only together with others of the same machine, build and
 * options.
 */

const { values } = parseArgs({
  options: {
    comparisons: { type: 'string', default: '40' },
    effects: { type: 'string', default: '0%,5%' },
    precision: { type: 'string', default: '2%' },
    budget: { type: 'string', default: '3' },
    clients: { type: 'string', default: '5' },
    streams: { type: 'string', default: '100' },
    results: { type: 'string' },
  },
})
const comparisons = integer('comparisons')
const precision = part(values.precision)

/** So many of the comparisons may be wrong: 4 and 2 of 40. */
const FALSE_ALARMS = 0.1
const MISSES = 0.05

const tls = await devTls()
const kept = readKept()
const startedAt = performance.now()
for (const effect of values.effects.split(',').map(part)) await prove(effect)
console.log(`It took ${minutes(performance.now() - startedAt)}.`)

/** Makes all comparisons with a twin, and tells whether enough of them are right. */
async function prove(effect) {
  const title = effect === 0 ? 'a twin' : `a twin that burns ${percent(effect)} more`
  console.log(`async/http2 and ${title}, ${comparisons} comparisons:`)
  const ratios = []
  const spreads = []
  const begin = performance.now()
  let made = 0
  for (let index = 0; index < comparisons; index++) {
    const known = kept.filter((one) => one.effect === effect)[index]?.ratio
    const ratio = known ?? (await compareOnce(effect, `${index + 1} of ${comparisons}`))
    if (known === undefined) {
      made++
      keep(effect, ratio)
    }
    ratios.push(ratio)
    if (ratio.repetitions > 1) spreads.push(spreadOf(ratio))
    const told = showsDifference(ratio) ? 'differs' : 'no difference shown'
    const { low, high, repetitions } = ratio
    const interval = `${change(ratio.value)} (${change(low)} to ${change(high)})`
    const when = known === undefined ? '' : ' (kept from before)'
    progress('')
    console.log(
      `  ${String(index + 1).padStart(3)} ${interval.padEnd(28)} ${repetitions} repetitions: ${told}${when}`,
    )
  }
  const found = ratios.filter(showsDifference).length
  const covered = ratios.filter(({ low, high }) => low <= 1 + effect && 1 + effect <= high).length
  const repetitions = mean(ratios.map((ratio) => ratio.repetitions))
  const each = (performance.now() - begin) / Math.max(1, made)
  console.log(
    `  the intervals hold ${change(1 + effect)} in ${covered} of ${comparisons}; on average ` +
      `${change(Math.exp(mean(ratios.map(({ value }) => Math.log(value)))))}; ` +
      `${repetitions.toFixed(1)} repetitions, which spread by ${percent(rootMeanSquare(spreads))}; ` +
      `${minutes(each)} each`,
  )
  const verdict = holds(effect, found) ? 'holds' : 'MISSED'
  if (verdict === 'MISSED') process.exitCode = 1
  console.log(
    effect === 0
      ? `  ${found} of ${comparisons} claim a difference, to be at most ${mostFalse()}: ${verdict}`
      : `  ${found} of ${comparisons} find it, to be at least ${leastFound()}: ${verdict}`,
  )
}

function holds(effect, found) {
  return effect === 0 ? found <= mostFalse() : found >= leastFound()
}

function mostFalse() {
  return Math.floor(comparisons * FALSE_ALARMS)
}

function leastFound() {
  return Math.ceil(comparisons * (1 - MISSES))
}

/** Two comparisons with the same conditions count together. */
function conditions() {
  const { clients, streams, precision, budget } = values
  const [{ model }] = cpus()
  return JSON.stringify({
    clients,
    streams,
    precision,
    budget,
    model,
    node: process.version,
    build: buildDigest(),
  })
}

/** Of what is measured with: another build is another instrument. */
function buildDigest() {
  const hash = createHash('sha256')
  for (const entry of ['@h2lab/mini-http2/server', '@h2lab/server-async']) {
    hash.update(readFileSync(fileURLToPath(import.meta.resolve(entry))))
  }
  return hash
    .update(readFileSync(new URL('../dist/index.js', import.meta.url)))
    .digest('hex')
    .slice(0, 12)
}

function readKept() {
  if (values.results === undefined || !existsSync(values.results)) return []
  const lines = readFileSync(values.results, 'utf8').trim().split('\n')
  const wanted = conditions()
  return (
    lines
      .map((line) => JSON.parse(line))
      .filter((one) => one.conditions === wanted)
      // JSON has no infinity, which is the end of an interval of one repetition.
      .map(({ effect, ratio }) => ({
        effect,
        ratio: { ...ratio, high: ratio.high ?? Number.POSITIVE_INFINITY },
      }))
  )
}

function keep(effect, ratio) {
  if (values.results === undefined) return
  const line = { at: new Date().toISOString(), conditions: conditions(), effect, ratio }
  appendFileSync(values.results, `${JSON.stringify(line)}\n`)
}

/** One comparison, as `h2lab compare` makes it. */
async function compareOnce(effect, title) {
  const [a] = benchTargets(['async/http2'], { server: 'async/http2 + 0' })
  const [b] = benchTargets(['its twin'], { server: `async/http2 + ${effect}` })
  const comparison = await compareInTurns({
    a: { name: a.name, detail: null },
    b: { name: b.name, detail: null },
    contests: [{ subject: null, a, b }],
    scenarios: [{ clients: integer('clients'), tls: true }],
    streams: [integer('streams')],
    tls,
    threshold: 0.05,
    precision,
    budget: Number(values.budget) * 60_000,
    onRepetition: ({ round }) => progress(`${title}, repetition ${round}`),
  })
  const [{ effects, failures }] = comparison.points
  const cpu = effects.find(({ figure }) => figure === 'serverCpuPerRequest')
  if (cpu === undefined) throw new Error(failures.join('\n'))
  return cpu.ratio
}

/** The standard deviation of the logarithm from one repetition to the next, from its interval. */
function spreadOf({ low, high, repetitions }) {
  const errors = studentTQuantile(0.975, repetitions - 1)
  return (Math.log(high / low) / 2 / errors) * Math.sqrt(repetitions)
}

function integer(name) {
  if (/^[1-9]\d*$/.test(values[name])) return Number(values[name])
  throw new Error(`--${name} can't be ${values[name]}.`)
}

function part(text) {
  const [, number] = /^([\d.]+)%$/.exec(text.trim()) ?? []
  if (number === undefined) throw new Error(`${text} is no percentage, as 5%.`)
  return Number(number) / 100
}

function percent(part) {
  return `${Number((part * 100).toPrecision(2))} %`
}

function change(ratio) {
  const sign = ratio < 1 ? '-' : '+'
  return `${sign}${Math.abs((ratio - 1) * 100).toFixed(1)} %`
}

function minutes(milliseconds) {
  return milliseconds < 60_000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : `${(milliseconds / 60_000).toFixed(1)} min`
}

function mean(numbers) {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length
}

function rootMeanSquare(numbers) {
  return Math.sqrt(mean(numbers.map((one) => one ** 2)))
}
