import type { EChartsOption } from 'echarts'
import type { AxisRange } from './axis'

/*
 * What all charts have in common.
 */

/** In pixels: as wide as a README is shown, with letters large enough there. */
export const WIDTH = 860
/** From the top to what is drawn, and from there to the bottom. */
export const ABOVE = 90
export const BELOW = 60

/** Without quotes: echarts writes it into an attribute as it is. */
export const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif'
export const DARK = '#222222'
export const GREY = '#5f5f5f'
export const FAINT = '#e3e3e3'
const FAINTER = '#f3f3f3'

/** How a chart begins: what it is about, and with what it was measured. */
export function chartFrame({
  title,
  subtitle,
}: {
  readonly title: string
  readonly subtitle: string
}): Pick<EChartsOption, 'animation' | 'backgroundColor' | 'textStyle' | 'title'> {
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
  }
}

/** An axis with a range of its own, labelled at some values. */
export function axisOption(
  { type, min, max }: Omit<AxisRange, 'ticks'>,
  labelledAt: readonly number[],
  label: (value: number) => string = shortNumber,
) {
  const customValues = [...labelledAt]
  return {
    type,
    min,
    max,
    axisLine: { show: true, lineStyle: { color: GREY } },
    axisTick: { show: true, customValues },
    axisLabel: { fontSize: 12, color: DARK, customValues, formatter: label },
    splitLine: { show: true, lineStyle: { color: FAINT } },
    // Between powers of ten they show that the axis is logarithmic.
    minorTick: { show: false, splitNumber: 10 },
    minorSplitLine: { show: type === 'log', lineStyle: { color: FAINTER } },
    nameTextStyle: { fontSize: 13, color: DARK },
    nameLocation: 'middle' as const,
  }
}

/** As `200k` or `1.5M`, so that labels stay short. */
export function shortNumber(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`
  if (value >= 1000) return `${Number((value / 1000).toPrecision(3))}k`
  return String(Number(value.toPrecision(3)))
}
