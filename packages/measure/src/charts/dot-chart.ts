import type { EChartsOption, SeriesOption } from 'echarts'
import { axisRange } from './axis'
import {
  ABOVE,
  axisOption,
  BELOW,
  chartFrame,
  DARK,
  FAINT,
  GREY,
  LETTER_WIDTH,
  MOST_LETTERS,
} from './chart-style'
import { drawSvg } from './draw-svg'
import { errorBars, type Interval, valuesToShow } from './error-bars'
import { lineStyle } from './line-style'

/** A chart of one value of each implementation. */
export interface DotChart {
  readonly title: string
  /** Under the title: what it was measured with. */
  readonly subtitle: string
  /** With the unit. */
  readonly xName: string
  /** From the top. */
  readonly dots: readonly Dot[]
}

export interface Dot {
  readonly name: string
  /** Of an implementation or a peer: gives the dot its looks. */
  readonly implementation: string
  readonly value: number
  /** Undefined if nothing is known of the spread. */
  readonly interval: Interval | undefined
  /** Written beside the dot. */
  readonly label: string
  /** Drawn hollow: a value with a reservation, which the subtitle explains. */
  readonly hollow: boolean
}

/** In pixels. */
const ROW = 30

/** Draws a chart as SVG: a row for each dot, with its interval. */
export function drawDotChart(chart: DotChart): string {
  return drawSvg(toOption(chart), ABOVE + chart.dots.length * ROW + BELOW)
}

function toOption({ title, subtitle, xName, dots }: DotChart): EChartsOption {
  const longestName = Math.max(...dots.map(({ name }) => name.length))
  const nameWidth = Math.min(longestName, MOST_LETTERS) * LETTER_WIDTH
  const labelWidth = Math.max(...dots.map(({ label }) => label.length)) * LETTER_WIDTH
  const range = axisRange(valuesToShow(dots))
  return {
    ...chartFrame({ title, subtitle }),
    grid: { left: nameWidth + 32, right: labelWidth + 32, top: ABOVE, bottom: BELOW },
    xAxis: { ...axisOption(range, range.ticks), name: xName, nameGap: 32 },
    yAxis: [
      {
        type: 'category',
        data: dots.map(({ name }) => name),
        inverse: true,
        axisLine: { show: true, lineStyle: { color: GREY } },
        axisTick: { show: false },
        axisLabel: {
          fontSize: 13,
          color: DARK,
          width: nameWidth,
          overflow: 'truncate',
          interval: 0,
        },
        splitLine: { show: true, lineStyle: { color: FAINT } },
      },
      {
        type: 'category',
        data: dots.map(({ label }) => label),
        inverse: true,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { fontSize: 12, color: DARK, interval: 0 },
      },
    ],
    series: dots.flatMap(seriesOf),
  }
}

function seriesOf({ implementation, value, interval, hollow }: Dot, row: number): SeriesOption[] {
  const { color, symbol } = lineStyle(implementation)
  return [
    ...(interval === undefined ? [] : [errorBars([{ at: row, ...interval }], color, 'x')]),
    {
      type: 'scatter',
      silent: true,
      data: [[value, row]],
      symbol,
      symbolSize: 11,
      itemStyle: {
        color: hollow ? '#ffffff' : color,
        borderColor: color,
        borderWidth: 2,
        opacity: 1,
      },
    },
  ]
}
