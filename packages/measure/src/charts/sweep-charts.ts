import type { Estimate } from '../statistics/estimate'
import type { Results } from '../storage/results-folder'
import type { Cell } from '../summary/cells'
import { formatEstimate, formatNumber, formatTime } from '../summary/numbers'
import { pointTitle, rateTitle } from '../summary/point-title'
import { rowName } from '../summary/row-name'
import { scenarioTitle } from '../summary/scenario-title'
import { toSections } from '../summary/sections'
import { streamsTitle } from '../summary/streams-title'
import { type Dot, drawDotChart } from './dot-chart'
import type { Interval } from './error-bars'
import { drawLineChart, type Line, type Point } from './line-chart'

/** A chart, drawn. */
export interface Chart {
  /** As `requests-per-second-5-clients-tls.svg`. */
  readonly file: string
  readonly title: string
  readonly svg: string
}

interface Measure {
  readonly file: string
  readonly title: string
  readonly axisName: string
  value(cell: Cell): Estimate | null
  format(value: number): string
  readonly best: 'most' | 'least'
  /** Whether the value says little about the server if the generator was the limit. */
  readonly limitedByGenerator: boolean
}

const MEASURES: readonly Measure[] = [
  {
    file: 'requests-per-second',
    title: 'Requests per second',
    axisName: 'requests per second',
    value: (cell) => cell.requestsPerSecond,
    format: formatNumber,
    best: 'most',
    limitedByGenerator: true,
  },
  {
    file: 'request-time',
    title: 'Mean request time',
    axisName: 'mean request time (µs)',
    value: (cell) => cell.latencyMean,
    format: formatTime,
    best: 'least',
    limitedByGenerator: true,
  },
  {
    file: 'cpu-per-request',
    title: 'Server CPU time per request',
    axisName: 'server CPU per request (µs)',
    value: (cell) => cell.serverCpuPerRequest,
    format: formatTime,
    best: 'least',
    limitedByGenerator: false,
  },
]

/** What one chart of each measure is about. */
interface Subject {
  /** As `5-clients-tls`. */
  readonly file: string
  readonly title: string
  readonly cells: readonly Cell[]
  /** What the values are drawn over. */
  readonly over: 'streams' | 'offeredRate' | 'nothing'
}

/**
 * Draws each measure, a chart for each scenario: over the number of streams, at equal offered load over the rate; or,
 * where there is one of them only, with a row for each implementation.
 */
export function sweepCharts(cells: readonly Cell[], manifest: Results['manifest']): Chart[] {
  const subjects = toSubjects(cells)
  return MEASURES.flatMap((measure) =>
    subjects.flatMap((subject) => {
      const told = subject.cells.filter((cell) => measure.value(cell) !== null)
      if (told.length === 0) return []
      const title = `${measure.title}: ${subject.title}`
      const about = { title, subtitle: subtitle(manifest, told, measure) }
      const svg =
        subject.over === 'nothing'
          ? drawDotChart({ ...about, xName: measure.axisName, dots: toDots(told, measure) })
          : drawLineChart({
              ...about,
              xName: X_NAMES[subject.over],
              yName: measure.axisName,
              lines: toLines(told, measure, subject.over),
            })
      return [{ file: `${measure.file}-${subject.file}.svg`, title, svg }]
    }),
  )
}

const X_NAMES = {
  streams: 'streams per client',
  offeredRate: 'requests per second offered',
} as const

function toSubjects(cells: readonly Cell[]): Subject[] {
  return toSections(cells).flatMap(({ scenario, groups }) => {
    const { clients, tls } = scenario
    const file = `${clients}-${clients === 1 ? 'client' : 'clients'}-${tls ? 'tls' : 'plain'}`
    const closed = groups.filter(({ offeredRate }) => offeredRate === null)
    const open = groups.filter(({ offeredRate }) => offeredRate !== null)
    const subjects: Subject[] = []
    if (closed.length > 0) {
      const title = closed.length === 1 ? pointTitle(closed[0]!) : scenarioTitle(scenario)
      const over = closed.length === 1 ? 'nothing' : 'streams'
      subjects.push({ file, title, cells: closed.flatMap((group) => group.cells), over })
    }
    for (const streams of new Set(open.map((group) => group.streams))) {
      const same = open.filter((group) => group.streams === streams)
      const over = same.length === 1 ? 'nothing' : 'offeredRate'
      const rate = same.length === 1 ? rateTitle(same[0]!.offeredRate!) : 'equal offered load'
      subjects.push({
        file: `${file}-${streams}-${streams === 1 ? 'stream' : 'streams'}-equal-load`,
        title: `${scenarioTitle(scenario)}, ${streamsTitle(streams)}, ${rate}`,
        cells: same.flatMap((group) => group.cells),
        over,
      })
    }
    return subjects
  })
}

function toLines(
  cells: readonly Cell[],
  measure: Measure,
  over: 'streams' | 'offeredRate',
): Line[] {
  const lines = new Map<string, { readonly implementation: string; readonly points: Point[] }>()
  for (const cell of cells) {
    const estimate = measure.value(cell)!
    const { implementation } = cell
    const name = rowName(cell)
    const line = lines.get(name) ?? { implementation, points: [] }
    const hollow = isHollow(cell, measure)
    const interval = intervalOf(estimate)
    line.points.push({ x: cell[over]!, y: estimate.value, interval, hollow })
    lines.set(name, line)
  }
  return [...lines].map(([name, { implementation, points }]) => ({
    name,
    implementation,
    points: points.sort((one, other) => one.x - other.x),
  }))
}

function toDots(cells: readonly Cell[], measure: Measure): Dot[] {
  const sign = measure.best === 'least' ? 1 : -1
  const sorted = [...cells].sort(
    (one, other) => sign * (measure.value(one)!.value - measure.value(other)!.value),
  )
  return sorted.map((cell) => {
    const estimate = measure.value(cell)!
    return {
      name: rowName(cell),
      implementation: cell.implementation,
      value: estimate.value,
      interval: intervalOf(estimate),
      label: formatEstimate(estimate, measure.format),
      hollow: isHollow(cell, measure),
    }
  })
}

function intervalOf({ low, high, repetitions }: Estimate): Interval | undefined {
  return repetitions === 1 ? undefined : { low, high }
}

function isHollow(cell: Cell, measure: Measure): boolean {
  return measure.limitedByGenerator && cell.limit === 'generator'
}

function subtitle(
  { generator, options, machine, versions }: Results['manifest'],
  cells: readonly Cell[],
  measure: Measure,
): string {
  const most = Math.max(...cells.map(({ completed }) => completed))
  const repetitions =
    most === 1
      ? `one repetition of ${options.duration} s, so no spread`
      : `${most} repetitions of ${options.duration} s, bars: 95% intervals`
  const hollow = cells.some((cell) => isHollow(cell, measure))
  return (
    `12-octet response; load by ${generator.name}; ${repetitions}; ` +
    `Node ${versions['node'] ?? 'unknown'}, ${machine.cpus} CPUs` +
    (hollow ? '; hollow: the generator was the limit' : '')
  )
}
