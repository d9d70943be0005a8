import type { Colors } from 'picocolors/types'
import { HTTP_VERSION_NAMES } from '../load/http-version'
import type { LoadReport } from '../load/load-report'
import { formatCount, formatNumber, formatTime } from '../summary/numbers'

/** How many URLs and workers are listed. If there are more, only their number is shown. */
const MOST_NAMED = 4

/** The digits of a rate or a time that can be compared with the requested one. */
const DIGITS = 3

/**
 * If the last answers are later than this share of the planned time, and than these seconds, they affect the rate.
 */
const LATE_SHARE = 0.05
const LATE_TIME = 0.1

/** Formats the report of a load as text: a line for each result, then warnings. */
export function loadSummary(report: LoadReport, colors: Colors): string {
  const lines: [label: string, text: string][] = [
    ['asked', askedText(report)],
    ['', loopText(report)],
    ['done', doneText(report)],
    ['rate', rateText(report)],
    ['requests', requestsText(report)],
    ...countLines('status', report.statuses),
    ...countLines('fault', report.faults),
    ['latency', latencyText(report)],
    ['', latencyMeaning(report)],
    ['generator', generatorText(report)],
    ...workerLines(report),
  ]
  const width = Math.max(...lines.map(([label]) => label.length))
  return [
    ...lines.map(([label, text]) => `${colors.bold(label.padEnd(width))}  ${text}`),
    ...faults(report).map(colors.red),
    ...warnings(report).map(colors.yellow),
    '',
  ].join('\n')
}

function askedText({ asked }: LoadReport): string {
  const { urls, method, httpVersion, bodyOctets } = asked
  const [first] = urls
  const named =
    urls.length === 1
      ? first!.url
      : urls.length <= MOST_NAMED
        ? urls.map(({ url, weight }) => `${url} (${weight})`).join(', ')
        : `${urls.length} URLs of ${new URL(first!.url).origin}`
  const body = bodyOctets === 0 ? '' : ` with ${formatCount(bodyOctets)} octets`
  return `${method} ${named}${body} by ${HTTP_VERSION_NAMES[httpVersion]}`
}

function loopText({ asked: { connections, streams, loop, until, warmup } }: LoadReport): string {
  const inFlight = `${counted(connections, 'connection')}, ${formatCount(streams)} in flight on each at most`
  const { from, to } = loop.kind === 'open' ? loop.rate : { from: 0, to: 0 }
  const kind =
    loop.kind === 'closed'
      ? 'closed loop'
      : `open loop at ${exact(from)}${from === to ? '' : ` to ${exact(to)}`} req/s (${loop.arrivals})`
  const end = until.kind === 'time' ? `${until.seconds} s` : counted(until.requests, 'request')
  return `${inFlight}; ${kind} for ${end}${warmup === 0 ? '' : ` after ${warmup} s of warm-up`}`
}

function doneText(report: LoadReport): string {
  const { seconds, connections, mostInFlight, refusals, reconnections, tlsCipher } = report
  return [
    `${formatNumber(seconds, DIGITS)} s`,
    counted(connections, 'connection'),
    `${formatCount(mostInFlight)} in flight on one at most`,
    reconnections === 0 ? 'no reconnection' : counted(reconnections, 'reconnection'),
    ...(refusals === 0 ? [] : [counted(refusals, 'refusal')]),
    ...(tlsCipher === null ? [] : [tlsCipher]),
  ].join(', ')
}

function rateText({ offeredPerSecond, answersPerSecond }: LoadReport): string {
  const achieved = `${formatNumber(answersPerSecond, DIGITS)} answers/s`
  return offeredPerSecond === null
    ? achieved
    : `${exact(offeredPerSecond)} req/s offered, ${achieved} achieved`
}

function requestsText({ requests }: LoadReport): string {
  const { started, succeeded, ...others } = requests
  return [
    `${formatCount(started)} sent`,
    `${formatCount(succeeded)} succeeded`,
    ...Object.entries(others).flatMap(([name, count]) =>
      count === 0 ? [] : [`${formatCount(count)} ${name}`],
    ),
  ].join(', ')
}

function countLines(
  label: string,
  counts: Readonly<Record<string, number>>,
): [label: string, text: string][] {
  return Object.entries(counts)
    .sort(([, one], [, other]) => other - one)
    .map(([what, count], index) => [index === 0 ? label : '', `${what}: ${formatCount(count)}`])
}

function latencyText({ latency }: LoadReport): string {
  const { p50, p90, p99, p999, max, mean } = latency
  const values = { p50, p90, p99, 'p99.9': p999, max, mean }
  const known = Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${formatTime(value)}`],
  )
  return known.length === 0 ? 'not known: there was no answer' : known.join('  ')
}

function latencyMeaning({ latency: { from } }: LoadReport): string {
  return from === 'intended-start'
    ? 'from when a request was due, whether it could be sent or not, to the end of its answer'
    : 'from sending a request to the end of its answer; while the server stalls, none is sent that would notice'
}

function generatorText({ asked, generator: { cpuPerRequest, utilisation } }: LoadReport): string {
  if (cpuPerRequest === null || utilisation === null) return 'CPU time not known'
  const busiest = `${Math.round(utilisation * 100)} % of a CPU where it is busiest`
  const waiting = asked.loop.kind === 'open' ? ', with the wait for due times' : ''
  return `${formatTime(cpuPerRequest)} of CPU for each request, ${busiest}${waiting}`
}

function workerLines({ workers }: LoadReport): [label: string, text: string][] {
  if (workers.length === 1) return []
  const named = workers.filter(({ state }) => state === 'lost' || workers.length <= MOST_NAMED * 2)
  const lines = named.map((worker) => {
    const share = `${worker.name}: ${counted(worker.connections, 'connection')}`
    return worker.state === 'lost'
      ? `${share}, LOST: ${worker.reason}`
      : `${share}, ${formatNumber(worker.answersPerSecond, DIGITS)} answers/s`
  })
  const more = workers.length - named.length
  if (more > 0) lines.push(`${more} more that completed`)
  return lines.map((line, index) => [index === 0 ? 'workers' : '', line])
}

function faults({ outcome, requests, workers }: LoadReport): string[] {
  const { started, succeeded, unsent, unanswered } = requests
  const lost = workers.filter(({ state }) => state === 'lost')
  return [
    ...(outcome === 'interrupted'
      ? ['Interrupted: the figures are of what had come by then.']
      : []),
    ...(lost.length === 0
      ? []
      : [
          `Lost ${lost.map(({ name }) => name).join(', ')}: their share of the load is in none of the figures.`,
        ]),
    ...(started > succeeded
      ? [`${formatCount(started - succeeded)} of ${counted(started, 'request')} did not succeed.`]
      : []),
    ...(unanswered > 0
      ? ['Requests without an answer have no latency: the percentiles are better than the truth.']
      : []),
    ...(unsent > 0
      ? [
          `${counted(unsent, 'request')} could not be sent when due, nor before the end: all connections were full. The server can't keep up, or more --connections or --streams are needed.`,
        ]
      : []),
    ...(started === 0 ? ['No request was sent.'] : []),
  ]
}

function warnings(report: LoadReport): string[] {
  const { asked, seconds, mostStreams, mostInFlight, refusals, reconnections } = report
  const { generator, requests } = report
  const limited = mostStreams !== null && mostStreams < asked.streams
  const { until } = asked
  const planned = until.kind === 'time' ? until.seconds : seconds
  return [
    ...(seconds - planned > Math.max(LATE_SHARE * planned, LATE_TIME)
      ? [
          `The last answer came ${formatNumber(seconds - planned, DIGITS)} s after the ${planned} s were over, and the rate counts until then.`,
        ]
      : []),
    ...(limited
      ? [
          `The server takes ${formatCount(mostStreams)} requests at once on a connection, not ${formatCount(asked.streams)}: at most ${formatCount(mostInFlight)} were in flight on one.`,
        ]
      : []),
    ...(refusals > 0
      ? [
          `The server refused requests ${counted(refusals, 'time')} before it processed them (REFUSED_STREAM): they were sent again.`,
        ]
      : []),
    ...(reconnections > 0 && requests.started > 0
      ? [`The server ended connections, which were opened again ${counted(reconnections, 'time')}.`]
      : []),
    ...(generator.limit === 'generator'
      ? [
          'The generator was the limit: its thread was busy, so the figures say little about the server. More --threads, or --workers on other machines, help.',
        ]
      : []),
    ...(generator.limit === 'unknown' && asked.loop.kind === 'open'
      ? [
          'The generator was busy, too: more --threads, or --workers on other machines, tell whether it was the limit.',
        ]
      : []),
  ]
}

/** Formats a requested rate with all its digits. */
function exact(rate: number): string {
  return rate.toLocaleString('en-US', { maximumFractionDigits: 2 })
}

function counted(count: number, name: string): string {
  return `${formatCount(count)} ${name}${count === 1 ? '' : 's'}`
}
