import type { EChartsOption, SeriesOption } from 'echarts'
import { axisRange } from './axis'
import { axisOption, BELOW, chartFrame, DARK, FAINT, GREY, roomAbove } from './chart-style'
import { drawSvg } from './draw-svg'
import { barsOf, errorBars, valuesToShow } from './error-bars'
import { cut, LETTER_WIDTH } from './legend'
import { lineStyle } from './line-style'

/** A chart with one value per implementation. */
export interface DotChart {
  readonly title: string
  /** Shown below the title: how it was measured. */
  readonly subtitle: string
  /** Includes the unit. */
  readonly xName: string
  /** From top to bottom. */
  readonly dots: readonly Dot[]
}

export interface Dot {
  readonly name: string
  /** The implementation or peer, which determines the style of the dot. */
  readonly implementation: string
  readonly value: number
  /** The interval of the value, drawn as a bar. Not drawn if it is zero to infinity, which means unknown. */
  readonly low: number
  readonly high: number
  /** Shown next to the dot. */
  readonly label: string
  /** Whether the dot is hollow, for values with a reservation that the subtitle explains. */
  readonly hollow: boolean
}

/** The height of a row, in pixels. */
const ROW = 30

/** Draws a chart as SVG, with a row for each dot and its interval. */
export function drawDotChart(chart: DotChart): string {
  return drawSvg(toOption(chart), roomAbove(chart.subtitle) + chart.dots.length * ROW + BELOW)
}

function toOption({ title, subtitle, xName, dots }: DotChart): EChartsOption {
  const names = dots.map(({ name }) => cut(name))
  const nameWidth = Math.max(...names.map(({ length }) => length)) * LETTER_WIDTH
  const labelWidth = Math.max(...dots.map(({ label }) => label.length)) * LETTER_WIDTH
  const range = axisRange(valuesToShow(dots))
  return {
    ...chartFrame({ title, subtitle }),
    grid: { left: nameWidth + 32, right: labelWidth + 32, top: roomAbove(subtitle), bottom: BELOW },
    xAxis: { ...axisOption(range, range.ticks), name: xName, nameGap: 32 },
    yAxis: [
      {
        type: 'category',
        data: names,
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

function seriesOf({ implementation, value, low, high, hollow }: Dot, row: number): SeriesOption[] {
  const { color, symbol } = lineStyle(implementation)
  const bars = barsOf([{ at: row, low, high }])
  return [
    ...(bars.length === 0 ? [] : [errorBars(bars, color, 'x')]),
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
