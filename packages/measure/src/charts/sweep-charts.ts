import type { Estimate } from '../statistics/estimate'
import type { Results } from '../storage/results-folder'
import type { Cell } from '../summary/cells'
import { formatEstimate, formatNumber, formatTime } from '../summary/numbers'
import { pointTitle } from '../summary/point-title'
import { rowName } from '../summary/row-name'
import { scenarioTitle } from '../summary/scenario-title'
import { type Section, toSections } from '../summary/sections'
import type { Chart } from './chart'
import { type Dot, drawDotChart } from './dot-chart'
import { drawLineChart, type Line, type Point } from './line-chart'
import { repetitionsText } from './repetitions-text'

interface Measure {
  readonly file: string
  readonly title: string
  readonly axisName: string
  value(cell: Cell): Estimate | null
  format(value: number): string
  readonly best: 'most' | 'least'
  /** Whether the value says little about the server if the generator was the bottleneck. */
  readonly limitedByGenerator: boolean
}

const MEASURES: readonly Measure[] = [
  {
    file: 'cpu-per-request',
    title: 'Server CPU time per request',
    axisName: 'server CPU per request (µs)',
    value: (cell) => cell.serverCpuPerRequest,
    format: formatTime,
    best: 'least',
    limitedByGenerator: false,
  },
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
]

/**
 * Draws each measure of closed loops, with a chart for each scenario: over the number of streams, or with a row per
 * implementation if there is only one number.
 */
export function sweepCharts(cells: readonly Cell[], manifest: Results['manifest']): Chart[] {
  const sections = toSections(cells.filter(({ offeredRate }) => offeredRate === null))
  return MEASURES.flatMap((measure) =>
    sections.flatMap((section) => {
      const told = section.groups
        .flatMap((group) => group.cells)
        .filter((cell) => measure.value(cell) !== null)
      if (told.length === 0) return []
      const isOnePoint = section.groups.length === 1
      const place = isOnePoint ? pointTitle(section.groups[0]!) : scenarioTitle(section.scenario)
      const title = `${measure.title}: ${place}`
      const about = { title, subtitle: subtitle(manifest, told, measure) }
      const svg = isOnePoint
        ? drawDotChart({ ...about, xName: measure.axisName, dots: toDots(told, measure) })
        : drawLineChart({
            ...about,
            xName: 'streams per client',
            yName: measure.axisName,
            lines: toLines(told, measure),
          })
      return [{ file: `${measure.file}-${fileWords(section)}.svg`, title, svg }]
    }),
  )
}

function toLines(cells: readonly Cell[], measure: Measure): Line[] {
  const lines = new Map<string, { readonly implementation: string; readonly points: Point[] }>()
  for (const cell of cells) {
    const { value: y, low, high } = measure.value(cell)!
    const { implementation, streams: x } = cell
    const name = rowName(cell)
    const line = lines.get(name) ?? { implementation, points: [] }
    const hollow = isHollow(cell, measure)
    line.points.push({ x, y, low, high, hollow })
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
      low: estimate.low,
      high: estimate.high,
      label: formatEstimate(estimate, measure.format).replace(' us', ' µs'),
      hollow: isHollow(cell, measure),
    }
  })
}

function isHollow(cell: Cell, measure: Measure): boolean {
  return measure.limitedByGenerator && cell.limit === 'generator'
}

function subtitle(
  { generator, options, machine, versions }: Results['manifest'],
  cells: readonly Cell[],
  measure: Measure,
): string {
  const repetitions = repetitionsText(cells, options.duration)
  const hollow = cells.some((cell) => isHollow(cell, measure))
  return (
    `12-octet response; load by ${generator.name}; ${repetitions}; ` +
    `Node ${versions['node'] ?? 'unknown'}, ${machine.cpus} CPUs` +
    (hollow ? '\nhollow: the generator was the limit' : '')
  )
}

function fileWords({ scenario: { clients, tls } }: Section): string {
  return `${clients}-${clients === 1 ? 'client' : 'clients'}-${tls ? 'tls' : 'plain'}`
}
