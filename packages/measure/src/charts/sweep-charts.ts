import type { Results } from '../storage/results-folder'
import type { Cell } from '../summary/cells'
import { rowName } from '../summary/row-name'
import { scenarioTitle } from '../summary/scenario-title'
import { type Section, toSections } from '../summary/sections'
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
  readonly yName: string
  value(cell: Cell): number | null
  /** Whether the value says little about the server if the generator was the limit. */
  readonly limitedByGenerator: boolean
}

const MEASURES: readonly Measure[] = [
  {
    file: 'requests-per-second',
    title: 'Requests per second',
    yName: 'requests per second',
    value: (cell) => cell.requestsPerSecond,
    limitedByGenerator: true,
  },
  {
    file: 'request-time',
    title: 'Mean request time',
    yName: 'mean request time (µs)',
    value: (cell) => cell.latencyMean,
    limitedByGenerator: true,
  },
  {
    file: 'cpu-per-request',
    title: 'Server CPU time per request',
    yName: 'server CPU per request (µs)',
    value: (cell) => cell.serverCpuPerRequest,
    limitedByGenerator: false,
  },
]

/** Draws each measure over the number of streams, a chart for each scenario. */
export function sweepCharts(cells: readonly Cell[], manifest: Results['manifest']): Chart[] {
  const sections = toSections(cells)
  return MEASURES.flatMap((measure) =>
    sections.flatMap((section) => {
      const lines = toLines(section, measure)
      if (lines.length === 0) return []
      const title = `${measure.title}: ${scenarioTitle(section.scenario)}`
      const svg = drawLineChart({
        title,
        subtitle: subtitle(manifest, lines),
        xName: 'streams per client',
        yName: measure.yName,
        lines,
      })
      return [{ file: `${measure.file}-${fileWords(section)}.svg`, title, svg }]
    }),
  )
}

function toLines({ groups }: Section, measure: Measure): Line[] {
  const lines = new Map<string, { readonly implementation: string; readonly points: Point[] }>()
  for (const cell of groups.flatMap(({ cells }) => cells)) {
    const value = measure.value(cell)
    if (value === null) continue
    const { implementation } = cell
    const name = rowName(cell)
    const line = lines.get(name) ?? { implementation, points: [] }
    const hollow = measure.limitedByGenerator && cell.limit === 'generator'
    line.points.push({ x: cell.streams, y: value, hollow })
    lines.set(name, line)
  }
  return [...lines].map(([name, { implementation, points }]) => ({
    name,
    implementation,
    points: points.sort((one, other) => one.x - other.x),
  }))
}

function subtitle(
  { generator, options, machine, versions }: Results['manifest'],
  lines: readonly Line[],
): string {
  const trials = options.repeat === 1 ? 'one trial' : `median of ${options.repeat} trials`
  const hollow = lines.some(({ points }) => points.some((point) => point.hollow))
  return (
    `12-octet response; load by ${generator.name}, ${trials} of ${options.duration} s; ` +
    `Node ${versions['node'] ?? 'unknown'}, ${machine.cpus} CPUs` +
    (hollow ? '; hollow: the generator was the limit' : '')
  )
}

function fileWords({ scenario: { clients, tls } }: Section): string {
  return `${clients}-${clients === 1 ? 'client' : 'clients'}-${tls ? 'tls' : 'plain'}`
}
