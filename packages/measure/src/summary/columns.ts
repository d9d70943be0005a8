import { BASELINE } from '../implementations/baseline'
import type { Cell } from './cells'
import { formatMemory, formatNumber, formatTime } from './numbers'

/** A column of the table of results, in the terminal and in the report. */
export interface Column {
  readonly name: string
  /** Where there is no room for all columns, those with the highest rank are left out. */
  readonly rank: number
  /** What it says and how to read it. */
  readonly meaning: string
  text(cell: Cell): string
  /** Whether a cell has something that nothing but this column tells. */
  isNeeded?(cell: Cell): boolean
  /** Whether the text is something to look at. */
  tone?(cell: Cell): Tone
}

export type Tone = 'plain' | 'caution' | 'fault'

/** Shown where nothing could be measured. */
const NOTHING = '-'

const shown = (value: number | null, format: (value: number) => string) =>
  value === null ? NOTHING : format(value)

/** All columns but the point's own: streams and implementation. */
export const COLUMNS: readonly Column[] = [
  {
    name: 'req/s',
    rank: 2,
    meaning:
      'Successful requests a second. Where the generator was the limit this is its speed, not the server’s.',
    text: (cell) => shown(cell.requestsPerSecond, (value) => formatNumber(Math.round(value))),
  },
  {
    name: 'mean',
    rank: 4,
    meaning:
      'Mean time from sending a request to the end of its response. In a closed loop it grows with the streams.',
    text: (cell) => shown(cell.latencyMean, formatTime),
  },
  {
    name: 'p99',
    rank: 7,
    meaning:
      'The time that 99 of 100 requests stayed below. h2load up to 1.68 does not tell it; the embedded generator does.',
    text: (cell) => shown(cell.latencyP99, formatTime),
  },
  {
    name: 'CPU/req',
    rank: 1,
    meaning:
      'User and system time of the server’s processes for each request; of a server that somebody else runs nobody tells. This is the figure to compare by: it holds where the generator is the limit, too.',
    text: (cell) => shown(cell.serverCpuPerRequest, formatTime),
  },
  {
    name: `vs ${BASELINE}`,
    rank: 3,
    meaning: `How many times less server CPU a request takes than with ${BASELINE} in the same scenario with as many streams: 2.00x is half of it, 0.50x twice as much.`,
    text: (cell) => shown(cell.timesLessCpu, (value) => `${formatNumber(value)}x`),
  },
  {
    name: 'peak memory',
    rank: 8,
    meaning:
      'The largest resident set of the server’s process, with Node.js itself where it runs on that; the sum where there are several processes.',
    text: (cell) => shown(cell.serverPeakMemory, formatMemory),
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
    name: 'limit',
    rank: 6,
    meaning:
      'Whose thread was busy for nine tenths of the time or more and so kept the trial from being faster: the server, or the generator (then req/s says little about the server).',
    text: (cell) => (cell.limit === undefined || cell.limit === 'neither' ? NOTHING : cell.limit),
    tone: (cell) => (cell.limit === 'generator' ? 'caution' : 'plain'),
  },
]

/** The columns that have a value in one of the cells at least. */
export function columnsWithValues(
  cells: readonly Cell[],
  among: readonly Column[] = COLUMNS,
): Column[] {
  return among.filter(({ text }) => cells.some((cell) => text(cell) !== NOTHING))
}

function failedText({ failures, completed, requestsFailed }: Cell): string {
  if (failures.length === 0) return formatNumber(requestsFailed)
  return `${failures.length} of ${failures.length + completed} trials`
}
