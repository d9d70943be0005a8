import { BASELINE } from '../implementations/baseline'
import type { Manifest } from '../storage/manifest'
import type { Cell } from '../summary/cells'
import { formatCount, formatNumber } from '../summary/numbers'
import { pointTitle } from '../summary/point-title'
import { precisionOf, type RowPrecision } from '../summary/precision'
import { rowName } from '../summary/row-name'

/** A row of a table of facts. */
export type Fact = readonly [name: string, value: string]

/** How the run was measured, and with what precision. */
export function methodFacts(manifest: Manifest, cells: readonly Cell[]): Fact[] {
  const { options, generator } = manifest
  return [
    ['Load generator', `${generator.name} ${generator.version}`],
    ...methodFact(manifest),
    ['Repetitions', repetitionsText(manifest, cells)],
    ...rateFacts(manifest),
    ['Measured', `${options.duration} s in each repetition`],
    ['Warm-up', warmupText(manifest, cells)],
    ...droppedFact(cells),
    ...precisionFacts(manifest, cells),
  ]
}

/** The machine, and what else it was doing. */
export function machineFacts({ machine }: Manifest, cells: readonly Cell[]): Fact[] {
  const { cpu, cpus, architecture, memory, kernel, used, frequency, cpuSource } = machine
  const facts: Fact[] = [
    ['CPU', `${cpu}, ${cpus} of it, ${architecture}`],
    ['Memory', `${(memory / 2 ** 30).toFixed(1)} GiB`],
    ['Kernel', kernel],
  ]
  if (used !== null) {
    const [generator, servers] = [used.generator.join(', '), used.servers.join(', ')]
    const text =
      generator === servers
        ? `${servers}, shared by generator and servers`
        : `${generator} for the generator, ${servers} for the servers`
    facts.push(['CPUs used', text])
  }
  if (frequency !== null) {
    const { lowest, highest } = frequency
    const range = lowest === highest ? '' : `${formatCount(lowest)} to `
    facts.push(['Clock', `${range}${formatCount(highest)} MHz`])
  }
  if (cpuSource !== null) {
    const text =
      cpuSource === 'schedstat'
        ? 'the scheduler’s account of all threads, in nanoseconds'
        : 'what processes say of themselves'
    facts.push(['CPU time from', text])
  }
  const loads = cells.flatMap(({ othersUtilisation }) => othersUtilisation ?? [])
  if (loads.length > 0) {
    const mean = loads.reduce((sum, load) => sum + load, 0) / loads.length
    facts.push([
      'Load by others',
      `${mean.toFixed(2)} CPUs on average, ${Math.max(...loads).toFixed(2)} at the busiest point`,
    ])
  }
  return facts
}

/** The arrivals of an open loop, and how the rates were chosen. */
function rateFacts({ options: { rates, arrivals }, probe }: Manifest): Fact[] {
  if (rates === null) return []
  const how = arrivals === 'poisson' ? 'at random (Poisson arrivals)' : 'at a steady pace'
  const facts: Fact[] = [
    ['Offered', `${rates.map(formatCount).join(', ')} requests per second, ${how}`],
  ]
  if (probe === null) return facts
  const found = probe.map(
    ({ implementation, requestsPerSecond, ...place }) =>
      `${implementation}: ${formatNumber(requestsPerSecond)} (${pointTitle({ scenario: place, streams: place.streams, offeredRate: null })})`,
  )
  return [
    ...facts,
    ['Rates chosen by', `a short closed loop, in requests per second: ${found.join('; ')}`],
  ]
}

function methodFact({ method }: Manifest): Fact[] {
  if (method.kind === 'whole') {
    return [['Method', 'each server alone, for a whole trial, one after the other']]
  }
  return [
    [
      'Method',
      `all servers of a point in turns of ${method.slice * 1000} ms, in an order that is drawn anew for each turn`,
    ],
    ['Seed of the order', String(method.seed)],
  ]
}

function repetitionsText({ repetitions, quick }: Manifest, cells: readonly Cell[]): string {
  const counts = cells.map(({ completed }) => completed)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const done = least === most ? String(most) : `${least} to ${most}`
  const wanted =
    repetitions?.kind === 'budget'
      ? `, as many as fitted in ${repetitions.minutes} ${repetitions.minutes === 1 ? 'minute' : 'minutes'}`
      : ''
  return `${done} of each point${wanted}, each with new processes${quick ? '; a quick run, for a first look' : ''}`
}

function warmupText({ options, method }: Manifest, cells: readonly Cell[]): string {
  if (method.kind === 'whole') return `${options.warmup} s`
  const unsteady = cells.reduce((sum, { notSteady }) => sum + notSteady, 0)
  const all = cells.reduce((sum, { completed }) => sum + completed, 0)
  return `until the cost of a request was steady, ${options.warmup} s at most; not steady by the end of it: ${unsteady} of ${all}`
}

function droppedFact(cells: readonly Cell[]): Fact[] {
  const known = cells.filter(({ slices }) => slices !== null)
  if (known.length === 0) return []
  const dropped = known.reduce((sum, { slicesDropped }) => sum + (slicesDropped ?? 0), 0)
  const counted = known.reduce((sum, { slices }) => sum + (slices ?? 0), 0)
  return [
    [
      'Turns',
      `${formatCount(counted)} count; ${formatCount(dropped)} were dropped because others used the machine`,
    ],
  ]
}

function precisionFacts({ repetitions }: Manifest, cells: readonly Cell[]): Fact[] {
  const rows = precisionOf(cells)
  if (rows.length === 0) return []
  const what = rows.every(({ of }) => of === 'ratio') ? `ratios to ${BASELINE}` : 'figures'
  const margins = rows.map(({ margin }) => margin)
  const [best, worst] = [formatPart(Math.min(...margins)), formatPart(Math.max(...margins))]
  const reached: Fact = [`Precision of ${what}`, best === worst ? best : `${best} to ${worst}`]
  const wanted = repetitions?.kind === 'budget' ? repetitions.precision : null
  if (wanted === null) return [reached]
  const missed = rows.filter(({ margin }) => margin > wanted)
  const there = `${formatPart(wanted)}: ${rows.length - missed.length} of ${rows.length} are there`
  if (missed.length === 0) return [reached, ['Wanted', there]]
  return [reached, ['Wanted', there], ['Not there', missedText(missed)]]
}

/** A longer list is not readable. */
const MOST_MISSED = 12

function missedText(missed: readonly RowPrecision[]): string {
  const shown = missed
    .slice(0, MOST_MISSED)
    .map(({ cell, margin }) => `${rowName(cell)}, ${pointTitle(cell)} (${formatPart(margin)})`)
  const more = missed.length - shown.length
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}

/** Formats a fraction as `±5%` or `±0.8%`. */
function formatPart(part: number): string {
  if (part === Number.POSITIVE_INFINITY) return 'unknown from a single repetition'
  if (part > 1) return 'more than ±100%'
  const percent = part * 100
  return `±${percent < 10 ? Number(percent.toPrecision(2)) : Math.round(percent)}%`
}
