import type { Estimate } from '../statistics/estimate'
import type { Results } from '../storage/results-folder'
import type { Cell } from '../summary/cells'
import { KNEE_FACTOR, SOON } from '../summary/knee'
import { formatTime } from '../summary/numbers'
import { isOverloaded } from '../summary/overload'
import {
  type CurveSection,
  kneeText,
  type RateCell,
  type RateCurve,
  toCurveSections,
} from '../summary/rate-curves'
import { scenarioTitle } from '../summary/scenario-title'
import type { Chart } from './chart'
import { curveFile } from './curve-file'
import { drawLineChart, type Line } from './line-chart'
import { repetitionsText } from './repetitions-text'
import { timeLabel } from './time-label'

interface Percentile {
  readonly file: string
  readonly title: string
  readonly yName: string
  value(cell: RateCell): Estimate | null
}

const PERCENTILES: readonly Percentile[] = [
  {
    file: 'latency-p99',
    title: 'Latency that 99 of 100 requests stay below',
    yName: 'p99 latency',
    value: (cell) => cell.latencyP99,
  },
  {
    file: 'latency-p50',
    title: 'Latency that half of the requests stay below',
    yName: 'p50 latency',
    value: (cell) => cell.latencyP50,
  },
]

/**
 * Draws percentiles of latency over the offered rate, with a chart for each scenario. The best server comes first.
 */
export function latencyCharts(cells: readonly Cell[], manifest: Results['manifest']): Chart[] {
  const sections = toCurveSections(cells)
  return PERCENTILES.flatMap((percentile) =>
    sections.flatMap((section) => {
      const lines = section.curves.flatMap((curve) => toLine(curve, percentile))
      if (lines.length === 0) return []
      const title = `${percentile.title}: ${scenarioTitle(section.scenario)}`
      const svg = drawLineChart({
        title,
        subtitle: subtitle(section, lines, manifest),
        xName: 'requests per second offered, all connections together',
        yName: percentile.yName,
        yLabel: timeLabel,
        xTicks: 'round',
        yScale: 'log',
        noteName: 'knee at',
        lines,
      })
      return [{ file: curveFile(percentile.file, section, sections), title, svg }]
    }),
  )
}

function toLine(curve: RateCurve, { value }: Percentile): Line[] {
  const { name, implementation, knee } = curve
  const kneeRate = knee === undefined || knee.kind === 'below' ? undefined : knee.rate
  const points = curve.cells.flatMap((cell) => {
    const y = value(cell)
    if (y === null) return []
    const x = cell.offeredRate
    return {
      x,
      y: y.value,
      low: y.low,
      high: y.high,
      hollow: isOverloaded(cell),
      ringed: x === kneeRate,
      faint: kneeRate === undefined || x > kneeRate,
    }
  })
  return points.length === 0 ? [] : [{ name, implementation, note: kneeText(knee), points }]
}

function subtitle(
  { streams, curves }: CurveSection,
  lines: readonly Line[],
  { options, machine, versions }: Results['manifest'],
): string {
  const has = (wanted: 'hollow' | 'ringed' | 'faint') =>
    lines.some(({ points }) => points.some((point) => point[wanted]))
  const cells = curves.flatMap((curve) => curve.cells)
  const about = [
    repetitionsText(cells, options.duration),
    has('ringed')
      ? `ring: the knee, the highest rate with p99 at most ${KNEE_FACTOR} times the server’s least, or ${formatTime(SOON)}`
      : '',
    has('faint') ? 'faint: beyond the knee' : '',
    has('hollow') ? 'hollow: it did not keep up' : '',
  ].filter((text) => text !== '')
  return (
    `12-octet response; Poisson arrivals, latency from when each was due; up to ${streams} in flight a client; ` +
    `Node ${versions['node'] ?? 'unknown'}, ${machine.cpus} CPUs\n${about.join('; ')}`
  )
}
