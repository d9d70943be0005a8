import type { Estimate } from '../statistics/estimate'
import type { Results } from '../storage/results-folder'
import type { Cell } from '../summary/cells'
import { formatEstimate, formatTime } from '../summary/numbers'
import { isOverloaded } from '../summary/overload'
import { type CurveSection, type RateCurve, toCurveSections } from '../summary/rate-curves'
import { scenarioTitle } from '../summary/scenario-title'
import type { Chart } from './chart'
import { curveFile } from './curve-file'
import { drawLineChart, type Line } from './line-chart'
import { repetitionsText } from './repetitions-text'
import { timeLabel } from './time-label'

const TITLE = 'Server CPU time per request at equal offered load'

/**
 * Draws CPU time per request over the offered rate, with a chart for each scenario. The cheapest server comes first.
 */
export function equalRateCharts(cells: readonly Cell[], manifest: Results['manifest']): Chart[] {
  const sections = toCurveSections(cells)
  return sections.flatMap((section) => {
    const rate = highestForAll(section)
    const costs = section.curves.map((curve) => ({ curve, cost: costAt(curve, rate) }))
    const lines = costs
      .sort((one, other) => (one.cost?.value ?? Infinity) - (other.cost?.value ?? Infinity))
      .flatMap(({ curve, cost }) => toLine(curve, cost))
    if (lines.length === 0) return []
    const title = `${TITLE}: ${scenarioTitle(section.scenario)}`
    const svg = drawLineChart({
      title,
      subtitle: subtitle(section, lines, manifest),
      xName: 'requests per second offered, all connections together',
      yName: 'server CPU per request',
      yLabel: timeLabel,
      xTicks: 'round',
      noteName: rate === undefined ? undefined : `at ${rate.toLocaleString('en-US')}/s`,
      lines,
    })
    return [{ file: curveFile('cpu-at-equal-rate', section, sections), title, svg }]
  })
}

/** The highest rate at which all servers of a section kept up. Their figures are compared there. */
function highestForAll({ curves }: CurveSection): number | undefined {
  const rates = curves.flatMap(({ cells }) => cells.map(({ offeredRate }) => offeredRate))
  const kept = (rate: number) => curves.every((curve) => costAt(curve, rate) !== undefined)
  return [...new Set(rates)].sort((one, other) => other - one).find(kept)
}

function costAt({ cells }: RateCurve, rate: number | undefined): Estimate | undefined {
  const cell = cells.find(({ offeredRate }) => offeredRate === rate)
  if (cell === undefined || isOverloaded(cell)) return undefined
  return cell.serverCpuPerRequest ?? undefined
}

function toLine(curve: RateCurve, cost: Estimate | undefined): Line[] {
  const { name, implementation } = curve
  const lastKept = curve.cells.findLast((cell) => !isOverloaded(cell))?.offeredRate ?? 0
  const points = curve.cells.flatMap((cell) => {
    if (cell.serverCpuPerRequest === null) return []
    const { value, low, high } = cell.serverCpuPerRequest
    return {
      x: cell.offeredRate,
      y: value,
      low,
      high,
      hollow: isOverloaded(cell),
      faint: cell.offeredRate > lastKept,
    }
  })
  const note = cost === undefined ? '-' : formatEstimate(cost, formatTime).replace(' us', ' µs')
  return points.length === 0 ? [] : [{ name, implementation, note, points }]
}

function subtitle(
  { streams, curves }: CurveSection,
  lines: readonly Line[],
  { options, machine, versions }: Results['manifest'],
): string {
  const cells = curves.flatMap((curve) => curve.cells)
  const hollow = lines.some(({ points }) => points.some((point) => point.hollow))
  return (
    `12-octet response; the same requests a second for all, at a steady pace, up to ${streams} in flight a client; ` +
    `${repetitionsText(cells, options.duration)}; Node ${versions['node'] ?? 'unknown'}, ${machine.cpus} CPUs` +
    (hollow ? '; hollow and faint: it did not keep up, so its figure is not to be compared' : '')
  )
}
