import type { EChartsOption, LineSeriesOption, SeriesOption } from 'echarts'
import { type AxisRange, axisRange, logRange } from './axis'
import {
  ABOVE,
  axisOption,
  BELOW,
  chartFrame,
  DARK,
  FONT,
  GREY,
  shortNumber,
  WIDTH,
} from './chart-style'
import { drawSvg } from './draw-svg'
import { barsOf, errorBars, valuesToShow } from './error-bars'
import { LEGEND_LINE, legendOption, legendRoom, noteHead } from './legend'
import { type LineStyle, lineStyle } from './line-style'

/** A chart of lines over a number that grows. */
export interface LineChart {
  readonly title: string
  /** Under the title: what it was measured with. */
  readonly subtitle: string
  /** With the unit. */
  readonly xName: string
  /** With the unit. */
  readonly yName: string
  /** How the values of the vertical axis are labelled; default: as short numbers. */
  readonly yLabel?: ((value: number) => string) | undefined
  /** `round`: round numbers; `values`: those that the lines have points at, if they have room. Default: `values`. */
  readonly xTicks?: 'round' | 'values'
  /** `fit`: from zero, or logarithmic if the values span much. Default: `fit`. */
  readonly yScale?: 'fit' | 'log'
  /** What the notes of the lines are, above them in the legend. */
  readonly noteName?: string | undefined
  readonly lines: readonly Line[]
}

export interface Line {
  /** As the legend has it. */
  readonly name: string
  /** Of an implementation or a peer: gives the line its looks. */
  readonly implementation: string
  /** Beside its name in the legend: the figure that the chart is about. */
  readonly note?: string | undefined
  /** Its points, from the left to the right. */
  readonly points: readonly Point[]
}

export interface Point {
  readonly x: number
  readonly y: number
  /** The interval of `y`, drawn as a bar where both are given; zero and infinity say nothing, and are not drawn. */
  readonly low?: number | undefined
  readonly high?: number | undefined
  /** Drawn hollow: a value with a reservation, which the subtitle explains. */
  readonly hollow: boolean
  /** Drawn with a ring around it: the one that the line is about. */
  readonly ringed?: boolean | undefined
  /** The line to it and on from it is drawn faint: it is not what one would use. */
  readonly faint?: boolean | undefined
}

const LEAST_HEIGHT = 440

/** Of lines that are drawn faint. */
const FAINTNESS = 0.3

/** Draws a chart as SVG. */
export function drawLineChart(chart: LineChart): string {
  // The legend has room for all.
  const legend = ABOVE + chart.lines.length * LEGEND_LINE + BELOW / 2
  return drawSvg(toOption(chart), Math.max(LEAST_HEIGHT, legend))
}

function toOption(chart: LineChart): EChartsOption {
  const { title, subtitle, lines, noteName } = chart
  const room = legendRoom(lines, noteName)
  const place = { left: WIDTH - room.width, top: ABOVE, color: DARK }
  return {
    ...chartFrame({ title, subtitle }),
    legend: legendOption(lines, room, place),
    graphic:
      noteName === undefined ? [] : [noteHead(noteName, { top: ABOVE, color: GREY, font: FONT })],
    grid: { left: 84, right: room.width + 24, top: ABOVE, bottom: BELOW },
    ...axes(chart),
    series: lines.flatMap(seriesOf),
  }
}

function axes({ xName, yName, lines, ...about }: LineChart) {
  const points = lines.flatMap((line) => line.points)
  const xs = points.map(({ x }) => x)
  const ys = valuesToShow(points.map(({ y, low, high }) => ({ value: y, low, high })))
  const { xTicks = 'values', yScale = 'fit', yLabel = shortNumber } = about
  const yRange = yScale === 'log' ? logRange(Math.min(...ys), Math.max(...ys)) : axisRange(ys)
  return {
    xAxis: { ...xAxis(xs, xTicks), name: xName, nameGap: 32 },
    yAxis: {
      ...axisOption(yRange, yRange.ticks, yLabel),
      name: yName,
      nameGap: 62,
      nameRotate: 90,
    },
  }
}

/** A line; its intervals, what is faint of it, and rings, are series of their own without a place in the legend. */
function seriesOf({ name, implementation, points }: Line): SeriesOption[] {
  const style = lineStyle(implementation)
  const firstFaint = points.findIndex(({ faint }) => faint === true)
  const strong = firstFaint === -1 ? points : points.slice(0, firstFaint)
  // It begins where the other ends, so that there is no gap.
  const faint = firstFaint === -1 ? [] : points.slice(Math.max(0, firstFaint - 1))
  const ringed = points.filter(({ ringed }) => ringed === true)
  const bars = barsOf(points.map(({ x, low, high }) => ({ at: x, low, high })))
  return [
    ...(bars.length === 0 ? [] : [errorBars(bars, style.color, 'y')]),
    { ...partOf(style, strong, 1), name },
    ...(faint.length === 0 ? [] : [{ ...partOf(style, faint, FAINTNESS), z: 1 }]),
    ...(ringed.length === 0 ? [] : [ringsOf(style, ringed)]),
  ]
}

function partOf(
  { color, dash, symbol }: LineStyle,
  points: readonly Point[],
  opacity: number,
): LineSeriesOption {
  return {
    type: 'line',
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
    lineStyle: { width: 2.5, type: typeof dash === 'string' ? dash : [...dash], color, opacity },
    itemStyle: { opacity },
  }
}

function ringsOf({ color }: LineStyle, points: readonly Point[]): LineSeriesOption {
  return {
    type: 'line',
    silent: true,
    emphasis: { disabled: true },
    data: points.map(({ x, y }) => [x, y]),
    lineStyle: { opacity: 0 },
    symbol: 'circle',
    symbolSize: 19,
    itemStyle: { color: 'transparent', borderColor: color, borderWidth: 2.5 },
    z: 3,
  }
}

function xAxis(values: readonly number[], labelled: 'round' | 'values') {
  const { type, ticks } = axisRange(values)
  const range = {
    type,
    min: type === 'log' ? Math.min(...values) / 1.15 : 0,
    max: Math.max(...values) * (type === 'log' ? 1.15 : 1.04),
  }
  return axisOption(range, labelled === 'round' ? ticks : roomyValues(values, type))
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
