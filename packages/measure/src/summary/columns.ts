import { BASELINE } from '../implementations/baseline'
import { type Estimate, relativeMargin } from '../statistics/estimate'
import type { Cell } from './cells'
import {
  formatCount,
  formatEstimate,
  formatMemory,
  formatNumber,
  formatRatio,
  formatTime,
} from './numbers'
import { isOverloaded } from './overload'
import { hadFewerInFlight } from './warnings'

/** A column of the results table, in the terminal and in the report. */
export interface Column {
  readonly name: string
  /** If not all columns fit, those with the highest rank are left out. */
  readonly rank: number
  /** The rank if rates were offered. Then latency differs, not speed. Default: `rank`. */
  readonly openRank?: number
  /** What it means and how to read it. */
  readonly meaning: string
  text(cell: Cell): string
  /** Whether it has a value for a cell. Default: unless its text is a dash. */
  says?(cell: Cell): boolean
  /** Whether a cell needs the column at any width. */
  isNeeded?(cell: Cell): boolean
  /** Whether the text deserves attention. */
  tone?(cell: Cell): Tone
}

export type Tone = 'plain' | 'caution' | 'fault'

/** Shown if nothing could be measured. */
const NOTHING = '-'

/** A figure with a wider margin than this deserves attention. */
const WIDE_MARGIN = 0.2

/** The least CPU seconds per second of others that deserve a column. */
const LITTLE_LOAD = 0.05

/** All columns except those of the point: streams, offered rate and implementation. */
export const COLUMNS: readonly Column[] = [
  {
    name: 'req/s',
    rank: 2,
    openRank: 4,
    meaning:
      'Successful requests per second. Where the generator was the limit this is its speed, not the server’s.',
    ...figure((cell) => cell.requestsPerSecond, formatNumber),
  },
  {
    name: 'mean',
    rank: 4,
    openRank: 8,
    meaning:
      'Mean time from sending a request, or from when it was due, to the end of its response. In a closed loop it grows with the streams.',
    ...figure((cell) => cell.latencyMean, formatTime),
  },
  {
    name: 'p50',
    rank: 2.2,
    meaning: 'The time from when a request was due that half of them stayed below.',
    ...openFigure((cell) => cell.latencyP50),
  },
  {
    name: 'p90',
    rank: 6.5,
    meaning: 'The same for 90 of 100 requests.',
    ...openFigure((cell) => cell.latencyP90),
  },
  {
    name: 'p99',
    rank: 7,
    openRank: 1.2,
    meaning:
      'The time that 99 of 100 requests stayed below. h2load up to 1.68 does not tell it; the embedded generator does.',
    ...figure((cell) => cell.latencyP99, formatTime),
  },
  {
    name: 'p99.9',
    rank: 2.1,
    meaning:
      'The same for 999 of 1,000 requests, from when they were due. Of less than some thousand requests it says little.',
    ...openFigure((cell) => cell.latencyP999),
  },
  {
    name: 'CPU/req',
    rank: 1,
    meaning:
      'User and system time of the server’s processes for each request; unknown for a server that h2lab did not start. This is the figure to compare by: it holds where the generator is the limit, too.',
    ...figure((cell) => cell.serverCpuPerRequest, formatTime),
  },
  {
    name: `vs ${BASELINE}`,
    rank: 3,
    meaning: `How many times less server CPU a request takes than with ${BASELINE} at the same point, from rounds that both completed: 2.0x is half of it, 0.50x twice as much.`,
    ...figure(
      (cell) => cell.vsBaseline,
      (value) => `${formatRatio(value)}x`,
    ),
  },
  {
    name: 'peak memory',
    rank: 8,
    meaning:
      'The largest resident set of the server’s process, with Node.js itself where it runs on that; the sum where there are several processes.',
    ...figure((cell) => cell.serverPeakMemory, formatMemory),
  },
  {
    name: 'failed',
    rank: 5,
    meaning:
      'Requests answered with a wrong status, reset, lost with their connection or not answered in time; and trials that could not be measured.',
    text: failedText,
    isNeeded: ({ requestsFailed }) => requestsFailed > 0,
    tone: (cell) => (cell.failures.length > 0 || cell.requestsFailed > 0 ? 'fault' : 'plain'),
  },
  {
    name: 'remarks',
    rank: 1.5,
    meaning:
      'What was not as asked for. Unanswered: those of the failed requests that had no answer when the time for it was over. In flight: the most on a connection at once, where a server allows fewer than there are streams. Refused: requests that the server gave back unprocessed, which were sent again; that is part of its CPU/req. Reconnected: connections opened in place of one that the server had ended; they are part of its CPU/req. Unsent: requests that were due at the offered rate, but had no connection with room. Overloaded: the server did not keep up with the offered rate, so requests were left over or waited longer and longer.',
    text: (cell) => remarks(cell).join(', ') || NOTHING,
    // An overload is a result, not a fault.
    tone: (cell) => (cell.requestsUnanswered > 0 && !isOverloaded(cell) ? 'fault' : 'caution'),
  },
  {
    name: 'limit',
    rank: 6,
    meaning:
      'Whose thread was busy for nine tenths of the time or more and so kept the trial from being faster: the server, or the generator (then req/s says little about the server).',
    text: (cell) => (cell.limit === undefined || cell.limit === 'neither' ? NOTHING : cell.limit),
    tone: (cell) => (cell.limit === 'generator' ? 'caution' : 'plain'),
  },
  {
    name: 'turns dropped',
    rank: 9,
    meaning: 'Turns that do not count, since others used the machine meanwhile, of all turns.',
    text: droppedText,
    says: ({ slicesDropped }) => (slicesDropped ?? 0) > 0,
  },
  {
    name: 'not steady',
    rank: 10,
    meaning:
      'Repetitions whose cost per request was still changing when the time for the warm-up was over.',
    text: ({ notSteady, completed }) => `${notSteady} of ${completed}`,
    says: ({ notSteady }) => notSteady > 0,
    tone: ({ notSteady }) => (notSteady > 0 ? 'caution' : 'plain'),
  },
  {
    name: "others' load",
    rank: 11,
    meaning:
      'CPU seconds per second that other processes, or other machines on the same hardware, used during the run: 1 is one core.',
    text: (cell) => shown(cell.othersUtilisation, (value) => value.toFixed(2)),
    says: ({ othersUtilisation }) => (othersUtilisation ?? 0) >= LITTLE_LOAD,
  },
]

/** The columns with a value for at least one of the cells. */
export function columnsWithValues(
  cells: readonly Cell[],
  among: readonly Column[] = COLUMNS,
): Column[] {
  return among.filter(({ text, says = (cell) => text(cell) !== NOTHING }) => cells.some(says))
}

/** An estimate with its margin, highlighted if that is wide. */
function figure(
  estimateOf: (cell: Cell) => Estimate | null,
  format: (value: number) => string,
): Pick<Column, 'text' | 'tone'> {
  return {
    text: (cell) => shown(estimateOf(cell), (estimate) => formatEstimate(estimate, format)),
    tone(cell) {
      const estimate = estimateOf(cell)
      if (estimate === null || estimate.repetitions === 1) return 'plain'
      return relativeMargin(estimate) > WIDE_MARGIN ? 'caution' : 'plain'
    },
  }
}

/** A time that is only shown at offered rates. In a closed loop it depends on the streams. */
function openFigure(
  estimateOf: (cell: Cell) => Estimate | null,
): Pick<Column, 'text' | 'says' | 'tone'> {
  return {
    ...figure(estimateOf, formatTime),
    says: (cell) => cell.offeredRate !== null && estimateOf(cell) !== null,
  }
}

function shown<Value>(value: Value | null, format: (value: Value) => string): string {
  return value === null ? NOTHING : format(value)
}

function failedText({ failures, completed, requestsFailed }: Cell): string {
  if (failures.length === 0) return formatCount(requestsFailed)
  return `${failures.length} of ${failures.length + completed} trials`
}

function remarks(cell: Cell): string[] {
  const { requestsUnanswered, requestsUnsent, refusals, reconnections, mostInFlight } = cell
  const counts = [
    [requestsUnanswered > 0 ? requestsUnanswered : null, 'unanswered'] as const,
    [hadFewerInFlight(cell) ? mostInFlight : null, 'in flight'] as const,
    [refusals, 'refused'] as const,
    [reconnections, 'reconnected'] as const,
    [requestsUnsent, 'unsent'] as const,
  ].flatMap(([count, what]) =>
    count === null || count === 0 ? [] : [`${formatCount(count)} ${what}`],
  )
  return isOverloaded(cell) ? ['overloaded', ...counts] : counts
}

function droppedText({ slices, slicesDropped }: Cell): string {
  if (slicesDropped === null) return NOTHING
  if (slicesDropped === 0) return '0'
  return `${formatCount(slicesDropped)} of ${formatCount(slicesDropped + (slices ?? 0))}`
}
