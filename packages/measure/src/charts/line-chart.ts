import * as echarts from 'echarts'
import { formatNumber } from '../summary/numbers'
import { type AxisRange, axisRange } from './axis'
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
  /** Drawn hollow: a value with a reservation, which the subtitle explains. */
  readonly hollow: boolean
}

/** In pixels: as wide as a README is shown, with letters large enough there. */
const WIDTH = 860
const LEAST_HEIGHT = 440

/** Of a line in the legend, with the gap to the next. */
const LEGEND_LINE = 26
/** From the top to lines and legend, and from them to the bottom. */
const ABOVE = 90
const BELOW = 60

const LEGEND_SYMBOL_WIDTH = 34
/** Of the widest of the fonts, on average: without a screen nothing can be measured. */
const LETTER_WIDTH = 7.6
/** Of a name in the legend: an address is cut, or it would leave no room for the lines. */
const MOST_LETTERS = 28

/** Without quotes: echarts writes it into an attribute as it is. */
const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif'
const DARK = '#222222'
const GREY = '#5f5f5f'
const FAINT = '#e3e3e3'

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

function toOption({ title, subtitle, xName, yName, lines }: LineChart): echarts.EChartsOption {
  const points = lines.flatMap((line) => line.points)
  const longestName = Math.max(...lines.map(({ name }) => name.length))
  const nameWidth = Math.min(longestName, MOST_LETTERS) * LETTER_WIDTH
  const legendWidth = LEGEND_SYMBOL_WIDTH + nameWidth + 28
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
    xAxis: {
      ...axis(
        axisRange(points.map(({ x }) => x)),
        points.map(({ x }) => x),
      ),
      name: xName,
      nameLocation: 'middle',
      nameGap: 32,
    },
    yAxis: {
      ...axis(axisRange(points.map(({ y }) => y))),
      name: yName,
      nameLocation: 'middle',
      nameGap: 62,
      nameRotate: 90,
    },
    series: lines.map(({ name, implementation, points }) => {
      const { color, dash, symbol } = lineStyle(implementation)
      return {
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
      }
    }),
  }
}

/** @param shownAt labels the values themselves, instead of round numbers, if they have room */
function axis({ type, min, max, ticks }: AxisRange, shownAt?: readonly number[]) {
  const customValues = shownAt === undefined ? [...ticks] : roomyValues(shownAt, type)
  return {
    type,
    min: shownAt === undefined ? min : lowest(shownAt, type),
    max: shownAt === undefined ? max : Math.max(...shownAt) * (type === 'log' ? 1.15 : 1.04),
    axisLine: { show: true, lineStyle: { color: GREY } },
    axisTick: { show: true, customValues },
    axisLabel: { fontSize: 12, color: DARK, customValues, formatter: shortNumber },
    minorTick: { show: false },
    splitLine: { show: true, customValues, lineStyle: { color: FAINT } },
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
