import type { Cell } from './cells'
import { KNEE_FACTOR, SOON } from './knee'
import { formatCount, formatTime } from './numbers'
import { isOverloaded } from './overload'
import { type RateCell, type RateCurve, toCurveSections } from './rate-curves'
import { scenarioTitle } from './scenario-title'
import { streamsTitle } from './streams-title'
import { listed, machineWarnings } from './warnings'

/*
 * The results of latency over rates in words: up to which rate each server responds quickly.
 */

/** The knees of the servers in a scenario. */
export interface KneeVerdict {
  /** Such as `5 clients, TLS, 100 streams: highest rate at which answers come soon`. */
  readonly title: string
  /** A sentence per server, best first. */
  readonly knees: readonly string[]
  /** Warnings, each a sentence. */
  readonly warnings: readonly string[]
}

/** Describes for each scenario up to which rate each server responds quickly. */
export function kneeVerdicts(cells: readonly Cell[]): KneeVerdict[] {
  return toCurveSections(cells).map(({ scenario, streams, curves }) => ({
    title: `${scenarioTitle(scenario)}, ${streamsTitle(streams)}: highest rate at which answers come soon`,
    knees: curves.map(kneeSentence),
    warnings: warningsOf(curves),
  }))
}

/** Notes on all verdicts, each a sentence or two. */
export const KNEE_NOTES: readonly string[] = [
  `Soon: nothing is left over, and p99, counted from when requests were due, is at most ${KNEE_FACTOR} times what the server needs at the rate where it is fastest, or ${formatTime(SOON)}, whichever is longer. The knee is known only as well as the rates are close to each other.`,
  'Beyond saturation requests that can’t be sent are what is to be expected: such rows are marked overloaded, and their latency depends on how long a turn is.',
]

function kneeSentence(curve: RateCurve): string {
  const { name, knee, cells } = curve
  if (knee === undefined) return `${name}: nothing could be measured.`
  const rate = `${formatCount(knee.rate)} requests per second`
  if (knee.kind === 'below') {
    const lowest = cells.find(({ offeredRate }) => offeredRate === knee.rate)
    return `${name} does not answer soon even at ${rate}, the lowest rate${p99Text(lowest)}.`
  }
  const up = cells.filter(({ offeredRate }) => offeredRate <= knee.rate)
  const longest = Math.max(
    ...up.filter((cell) => !isOverloaded(cell)).map(({ latencyP99 }) => latencyP99?.value ?? 0),
  )
  const missed = up.filter(isOverloaded).map(({ offeredRate }) => formatCount(offeredRate))
  const except = missed.length === 0 ? '' : ` (except at ${listed(missed)})`
  const kept = `${name} keeps p99 within ${formatTime(longest)} up to ${rate}${except}`
  if (knee.kind === 'not-reached') {
    return `${kept}, the highest rate that tells something of it${rangeText(curve)}.`
  }
  // Where the generator was the limit it says nothing of the server.
  const next = cells.find(
    ({ offeredRate, limit, completed }) =>
      offeredRate > knee.rate && completed > 0 && limit !== 'generator',
  )!
  return `${kept}${rangeText(curve)}, but not at ${formatCount(next.offeredRate)}${p99Text(next)}.`
}

/** Empty if the repetitions agree or there is only one. */
function rangeText({ kneeRange: range }: RateCurve): string {
  if (range === undefined || range.low === range.high) return ''
  const low = range.low === 0 ? 'below the lowest rate' : formatCount(range.low)
  const high =
    range.high === Number.POSITIVE_INFINITY ? 'beyond the highest' : formatCount(range.high)
  return `, by the spread of its repetitions from ${low} to ${high}`
}

function p99Text(cell: RateCell | undefined): string {
  const p99 = cell?.latencyP99
  return p99 === null || p99 === undefined ? '' : ` (${formatTime(p99.value)})`
}

/** Warnings about curves. An overload is not a reason for a warning. */
function warningsOf(curves: readonly RateCurve[]): string[] {
  const all = curves.flatMap(({ cells }) => cells)
  const single = all
    .filter(({ completed }) => completed > 0)
    .every(({ completed }) => completed === 1)
  const failed = curves.filter(({ cells }) => cells.some(({ failures }) => failures.length > 0))
  const reconnected = curves.filter(({ cells }) =>
    cells.some(({ reconnections }) => (reconnections ?? 0) > 0),
  )
  const refusing = curves.filter(({ cells }) => cells.some(({ refusals }) => (refusals ?? 0) > 0))
  return [
    ...(single
      ? ['Each rate was measured once, so nothing is known of the spread of these figures.']
      : []),
    ...(failed.length === 0
      ? []
      : [`Some trials failed of ${listed(failed.map(({ name }) => name))}.`]),
    ...(refusing.length === 0
      ? []
      : [`Requests were refused, and sent again, by ${listed(refusing.map(({ name }) => name))}.`]),
    ...(reconnected.length === 0
      ? []
      : [
          `Connections were ended and opened again by ${listed(reconnected.map(({ name }) => name))}.`,
        ]),
    ...machineWarnings(all),
  ]
}
