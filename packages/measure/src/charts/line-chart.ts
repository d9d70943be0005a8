import * as echarts from 'echarts'
import { formatNumber } from '../summary/numbers'
import { type AxisRange, axisRange, logRange } from './axis'
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
  /** Drawn hollow: a value with a reservation, which the subtitle explains. */
  readonly hollow: boolean
  /** Drawn with a ring around it: the one that the line is about. */
  readonly ringed?: boolean | undefined
  /** The line to it and on from it is drawn faint: it is not what one would use. */
  readonly faint?: boolean | undefined
}

/** In pixels: as wide as a README is shown, with letters large enough there. */
const WIDTH = 860
const LEAST_HEIGHT = 440

/** From the top to lines and legend, and from them to the bottom. */
const ABOVE = 90
const BELOW = 60

/** Without quotes: echarts writes it into an attribute as it is. */
const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif'
const DARK = '#222222'
const GREY = '#5f5f5f'
const FAINT = '#e3e3e3'
const FAINTER = '#f3f3f3'

/** Of lines that are drawn faint. */
const FAINTNESS = 0.3

/** Draws a chart as SVG. */
export function drawLineChart(chart: LineChart): string {
  const instance = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: WIDTH,
    // The legend has room for all.
    height: Math.max(LEAST_HEIGHT, ABOVE + chart.lines.length * LEGEND_LINE + BELOW / 2),
  })
  try {
    instance.setOption(toOption(chart))
    return instance.renderToSVGString()
  } finally {
    instance.dispose()
  }
}

function toOption(chart: LineChart): echarts.EChartsOption {
  const { title, subtitle, lines, noteName } = chart
  const room = legendRoom(lines, noteName)
  const place = { left: WIDTH - room.width, top: ABOVE, color: DARK }
  return {
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: FONT, color: DARK },
    title: {
      text: title,
      subtext: subtitle,
      left: 16,
      top: 12,
      textStyle: { fontSize: 18, fontWeight: 600, color: DARK },
      subtextStyle: { fontSize: 12, color: GREY },
    },
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
  const ys = points.map(({ y }) => y)
  const { xTicks = 'values', yScale = 'fit', yLabel = shortNumber } = about
  const yRange = yScale === 'log' ? logRange(Math.min(...ys), Math.max(...ys)) : axisRange(ys)
  return {
    xAxis: {
      ...axis(axisRange(xs), shortNumber, xs, xTicks),
      name: xName,
      nameLocation: 'middle' as const,
      nameGap: 32,
    },
    yAxis: {
      ...axis(yRange, yLabel),
      name: yName,
      nameLocation: 'middle' as const,
      nameGap: 62,
      nameRotate: 90,
    },
  }
}

/** A line; what is faint of it, and rings, are lines of their own without a place in the legend. */
function seriesOf({ name, implementation, points }: Line): echarts.LineSeriesOption[] {
  const style = lineStyle(implementation)
  const firstFaint = points.findIndex(({ faint }) => faint === true)
  const strong = firstFaint === -1 ? points : points.slice(0, firstFaint)
  // It begins where the other ends, so that there is no gap.
  const faint = firstFaint === -1 ? [] : points.slice(Math.max(0, firstFaint - 1))
  const ringed = points.filter(({ ringed }) => ringed === true)
  return [
    { ...partOf(style, strong, 1), name },
    ...(faint.length === 0 ? [] : [{ ...partOf(style, faint, FAINTNESS), z: 1 }]),
    ...(ringed.length === 0 ? [] : [ringsOf(style, ringed)]),
  ]
}

function partOf(
  { color, dash, symbol }: LineStyle,
  points: readonly Point[],
  opacity: number,
): echarts.LineSeriesOption {
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

function ringsOf({ color }: LineStyle, points: readonly Point[]): echarts.LineSeriesOption {
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

/** @param shownAt labels the values themselves, instead of round numbers, if they have room */
function axis(
  { type, min, max, ticks }: AxisRange,
  label: (value: number) => string,
  shownAt?: readonly number[],
  labelled: 'round' | 'values' = 'round',
) {
  const customValues =
    shownAt === undefined || labelled === 'round' ? [...ticks] : roomyValues(shownAt, type)
  return {
    type,
    min: shownAt === undefined ? min : lowest(shownAt, type),
    max: shownAt === undefined ? max : Math.max(...shownAt) * (type === 'log' ? 1.15 : 1.04),
    axisLine: { show: true, lineStyle: { color: GREY } },
    axisTick: { show: true, customValues },
    axisLabel: { fontSize: 12, color: DARK, customValues, formatter: label },
    splitLine: { show: true, lineStyle: { color: FAINT } },
    // Between powers of ten they show that the axis is logarithmic.
    minorTick: { show: false, splitNumber: 10 },
    minorSplitLine: { show: type === 'log', lineStyle: { color: FAINTER } },
    nameTextStyle: { fontSize: 13, color: DARK },
  }
}

function lowest(values: readonly number[], type: AxisRange['type']): number {
  return type === 'log' ? Math.min(...values) / 1.15 : 0
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

/** As `200k` or `1.5M`, so that labels stay short. */
function shortNumber(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`
  if (value >= 1000) return `${Number((value / 1000).toPrecision(3))}k`
  return value >= 1 ? String(value) : formatNumber(value).replace(/0+$/, '')
}
