import type { EChartsOption, SeriesOption } from 'echarts'
import { type AxisRange, axisRange } from './axis'
import {
  ABOVE,
  axisOption,
  BELOW,
  chartFrame,
  DARK,
  LETTER_WIDTH,
  MOST_LETTERS,
  WIDTH,
} from './chart-style'
import { drawSvg } from './draw-svg'
import { errorBars, type Interval, valuesToShow } from './error-bars'
import { lineStyle } from './line-style'

/** A chart of lines over a number that grows. */
export interface LineChart {
  readonly title: string
  /** Under the title: what it was measured with. */
  readonly subtitle: string
  /** With the unit. */
  readonly xName: string
  /** With the unit. */
  readonly yName: string
  readonly lines: readonly Line[]
}

export interface Line {
  /** As the legend has it. */
  readonly name: string
  /** Of an implementation or a peer: gives the line its looks. */
  readonly implementation: string
  readonly points: readonly Point[]
}

export interface Point {
  readonly x: number
  readonly y: number
  /** Undefined if nothing is known of the spread. */
  readonly interval: Interval | undefined
  /** Drawn hollow: a value with a reservation, which the subtitle explains. */
  readonly hollow: boolean
}

const LEAST_HEIGHT = 440

/** Of a line in the legend, with the gap to the next. */
const LEGEND_LINE = 26
const LEGEND_SYMBOL_WIDTH = 34

/** Draws a chart as SVG. */
export function drawLineChart(chart: LineChart): string {
  // The legend has room for all.
  const legend = ABOVE + chart.lines.length * LEGEND_LINE + BELOW / 2
  return drawSvg(toOption(chart), Math.max(LEAST_HEIGHT, legend))
}

function toOption({ title, subtitle, xName, yName, lines }: LineChart): EChartsOption {
  const points = lines.flatMap((line) => line.points)
  const longestName = Math.max(...lines.map(({ name }) => name.length))
  const nameWidth = Math.min(longestName, MOST_LETTERS) * LETTER_WIDTH
  const legendWidth = LEGEND_SYMBOL_WIDTH + nameWidth + 28
  const yRange = axisRange(valuesToShow(points.map(({ y, interval }) => ({ value: y, interval }))))
  return {
    ...chartFrame({ title, subtitle }),
    legend: {
      // Beside the lines: there it meets neither the title nor the axes, however many there are.
      orient: 'vertical',
      selectedMode: false,
      left: WIDTH - legendWidth,
      top: ABOVE,
      itemWidth: LEGEND_SYMBOL_WIDTH,
      itemGap: 12,
      textStyle: { fontSize: 13, color: DARK, width: nameWidth, overflow: 'truncate' },
      data: lines.map(({ name }) => name),
    },
    grid: { left: 84, right: legendWidth + 24, top: ABOVE, bottom: BELOW },
    xAxis: { ...xAxis(points.map(({ x }) => x)), name: xName, nameGap: 32 },
    yAxis: { ...axisOption(yRange, yRange.ticks), name: yName, nameGap: 62, nameRotate: 90 },
    series: lines.flatMap(seriesOf),
  }
}

function seriesOf({ name, implementation, points }: Line): SeriesOption[] {
  const { color, dash, symbol } = lineStyle(implementation)
  const bars = points.flatMap(({ x, interval }) =>
    interval === undefined ? [] : [{ at: x, ...interval }],
  )
  return [
    ...(bars.length === 0 ? [] : [errorBars(bars, color, 'y')]),
    {
      type: 'line',
      name,
      // A picture, nothing to point at.
      silent: true,
      emphasis: { disabled: true },
      data: points.map(({ x, y, hollow }) => ({
        value: [x, y],
        itemStyle: { color: hollow ? '#ffffff' : color, borderColor: color, borderWidth: 2 },
      })),
      color,
      symbol,
      symbolSize: 8,
      lineStyle: { width: 2.5, type: typeof dash === 'string' ? dash : [...dash], color },
    },
  ]
}

/** Labelled at the values themselves, instead of round numbers, if they have room. */
function xAxis(values: readonly number[]) {
  const { type } = axisRange(values)
  const range = {
    type,
    min: type === 'log' ? Math.min(...values) / 1.15 : 0,
    max: Math.max(...values) * (type === 'log' ? 1.15 : 1.04),
  }
  return axisOption(range, roomyValues(values, type))
}

/** Leaves out values whose labels would touch those before. */
function roomyValues(values: readonly number[], type: AxisRange['type']): number[] {
  const position = type === 'log' ? Math.log : (value: number) => value
  const sorted = [...new Set(values)].sort((one, other) => one - other)
  const room = (position(sorted.at(-1)!) - (type === 'log' ? position(sorted[0]!) : 0)) / 22
  const roomy: number[] = []
  for (const value of sorted) {
    const before = roomy.at(-1)
    if (before === undefined || position(value) - position(before) >= room) roomy.push(value)
  }
  return roomy
}
