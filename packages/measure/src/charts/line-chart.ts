import type { EChartsOption, LineSeriesOption, SeriesOption } from 'echarts'
import { type AxisRange, axisRange, logRange } from './axis'
import {
  axisOption,
  BELOW,
  chartFrame,
  DARK,
  FONT,
  GREY,
  roomAbove,
  shortNumber,
  WIDTH,
} from './chart-style'
import { drawSvg } from './draw-svg'
import { barsOf, errorBars, valuesToShow } from './error-bars'
import { LEGEND_LINE, legendOption, legendRoom, NOTE_MARGIN, noteHead } from './legend'
import { type LineStyle, lineStyle } from './line-style'

/** A line chart over a numeric axis. */
export interface LineChart {
  readonly title: string
  /** Shown below the title: how it was measured. */
  readonly subtitle: string
  /** With the unit. */
  readonly xName: string
  /** With the unit. */
  readonly yName: string
  /** Formats the values of the vertical axis. Default: short numbers. */
  readonly yLabel?: ((value: number) => string) | undefined
  /**
   * `round`: round numbers; `values`: the values at which the lines have points, as far as they fit. Default:
   * `values`.
   */
  readonly xTicks?: 'round' | 'values'
  /** `fit`: from zero, or logarithmic if the values span a wide range. Default: `fit`. */
  readonly yScale?: 'fit' | 'log'
  /** The heading of the notes in the legend. */
  readonly noteName?: string | undefined
  readonly lines: readonly Line[]
}

export interface Line {
  /** The name in the legend. */
  readonly name: string
  /** The implementation or peer, which determines the style of the line. */
  readonly implementation: string
  /** Shown next to the name in the legend: the figure that the chart is about. */
  readonly note?: string | undefined
  /** The points from left to right. */
  readonly points: readonly Point[]
}

export interface Point {
  readonly x: number
  readonly y: number
  /**
   * The interval of `y`, drawn as a bar if both ends are given. Not drawn if it is zero to infinity, which means
   * unknown.
   */
  readonly low?: number | undefined
  readonly high?: number | undefined
  /** Whether the point is hollow, for values with a reservation that the subtitle explains. */
  readonly hollow: boolean
  /** Whether the point has a ring, which marks the one that the line is about. */
  readonly ringed?: boolean | undefined
  /** Whether the line before and after the point is faint, because nobody would use the server there. */
  readonly faint?: boolean | undefined
}

const LEAST_HEIGHT = 440

/** The opacity of faint lines. */
const FAINTNESS = 0.3

/** From one line's bars to the next, and from the first to the last at most, in pixels. */
const BAR_STEP = 4
const MOST_ASIDE = 20

/** Draws a chart as SVG. */
export function drawLineChart(chart: LineChart): string {
  // Make room for the whole legend.
  const legend = roomAbove(chart.subtitle) + chart.lines.length * LEGEND_LINE + BELOW / 2
  return drawSvg(toOption(chart), Math.max(LEAST_HEIGHT, legend))
}

function toOption(chart: LineChart): EChartsOption {
  const { title, subtitle, lines, noteName } = chart
  const room = legendRoom(lines, noteName)
  const top = roomAbove(subtitle)
  const place = { left: WIDTH - room.width, top, color: DARK }
  return {
    ...chartFrame({ title, subtitle }),
    legend: legendOption(lines, room, place),
    graphic:
      noteName === undefined
        ? []
        : [noteHead(noteName, { right: WIDTH - NOTE_MARGIN, top, color: GREY, font: FONT })],
    grid: { left: 84, right: room.width + 24, top, bottom: BELOW },
    ...axes(chart),
    series: lines.flatMap((line, index) => seriesOf(line, asideOf(index, lines.length))),
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

/** How far the bars of a line are drawn beside its points, in pixels: servers have points at the same places. */
function asideOf(index: number, lines: number): number {
  const step = Math.min(BAR_STEP, MOST_ASIDE / lines)
  return (index - (lines - 1) / 2) * step
}

/** A line; its intervals, what is faint of it, and rings, are series of their own without a place in the legend. */
function seriesOf({ name, implementation, points }: Line, aside: number): SeriesOption[] {
  const style = lineStyle(implementation)
  const firstFaint = points.findIndex(({ faint }) => faint === true)
  const strong = firstFaint === -1 ? points : points.slice(0, firstFaint)
  // It starts at the last solid point, so that there is no gap.
  const faint = firstFaint === -1 ? [] : points.slice(Math.max(0, firstFaint - 1))
  const ringed = points.filter(({ ringed }) => ringed === true)
  const bars = barsOf(points.map(({ x, low, high, faint }) => ({ at: x, low, high, faint })))
  return [
    ...(bars.length === 0 ? [] : [errorBars(bars, style.color, 'y', aside)]),
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
    // The chart is static.
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

/** Leaves out values whose labels would touch the previous one. */
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
