/** The range of an axis, and its labelled values. */
export interface AxisRange {
  readonly type: 'log' | 'value'
  readonly min: number
  readonly max: number
  readonly ticks: readonly number[]
}

/** Values that span more than this factor need a logarithmic axis. */
const ORDER_OF_MAGNITUDE = 10

/** More labels than this crowd an axis. */
const MOST_TICKS = 8
const MOST_LOG_TICKS = 10

/**
 * Chooses an axis for positive values: linear from zero, or logarithmic if they span more than an order of magnitude.
 * It ends at round numbers, so that nothing touches the border.
 */
export function axisRange(values: readonly number[]): AxisRange {
  const largest = Math.max(...values)
  const smallest = Math.min(...values)
  if (smallest > 0 && largest / smallest > ORDER_OF_MAGNITUDE) return logRange(smallest, largest)
  return linearRange(largest > 0 ? largest : 1)
}

function linearRange(largest: number): AxisRange {
  const step = roundUp(largest / (MOST_TICKS - 2))
  const steps = Math.ceil(largest / step)
  const ticks = Array.from({ length: steps + 1 }, (_, index) => index * step)
  return { type: 'value', min: 0, max: steps * step, ticks: ticks.map(withoutNoise) }
}

/** Makes a logarithmic axis, regardless of the range of the values. */
export function logRange(smallest: number, largest: number): AxisRange {
  const ticks = roundNumbers(smallest, largest)
  const powers = ticks.filter((tick) => isPowerOfTen(tick))
  return {
    type: 'log',
    min: ticks[0]!,
    max: ticks.at(-1)!,
    ticks: ticks.length <= MOST_LOG_TICKS ? ticks : powers,
  }
}

/** Lists the round numbers from the last one below the smallest value to the first one above the largest. */
function roundNumbers(smallest: number, largest: number): number[] {
  const numbers = [roundDown(smallest)]
  while (numbers.at(-1)! < largest) numbers.push(nextRound(numbers.at(-1)!))
  return numbers
}

/** The round numbers: 1, 2 and 5 times a power of ten. */
const ROUND = [1, 2, 5, 10] as const

function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return withoutNoise(power * [...ROUND].reverse().find((round) => round * power <= value)!)
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return withoutNoise(power * ROUND.find((round) => round * power >= value)!)
}

function nextRound(value: number): number {
  return roundUp(value * 1.01)
}

function isPowerOfTen(value: number): boolean {
  const exponent = Math.log10(value)
  return Math.abs(exponent - Math.round(exponent)) < 1e-9
}

/** Removes rounding errors, so that 0.1 + 0.2 is not shown as 0.30000000000000004. */
function withoutNoise(value: number): number {
  return Number(value.toPrecision(12))
}
