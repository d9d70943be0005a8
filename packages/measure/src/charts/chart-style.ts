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

/** Of the widest of the fonts, on average: without a screen nothing can be measured. */
export const LETTER_WIDTH = 7.6
/** Of a name: an address is cut, or it would leave no room for what is drawn. */
export const MOST_LETTERS = 28

/** Without quotes: echarts writes it into an attribute as it is. */
const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif'
export const DARK = '#222222'
export const GREY = '#5f5f5f'
export const FAINT = '#e3e3e3'

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
  customValues: readonly number[],
) {
  return {
    type,
    min,
    max,
    axisLine: { show: true, lineStyle: { color: GREY } },
    axisTick: { show: true, customValues: [...customValues] },
    axisLabel: {
      fontSize: 12,
      color: DARK,
      customValues: [...customValues],
      formatter: shortNumber,
    },
    minorTick: { show: false },
    splitLine: { show: true, customValues: [...customValues], lineStyle: { color: FAINT } },
    nameTextStyle: { fontSize: 13, color: DARK },
    nameLocation: 'middle' as const,
  }
}

/** As `200k` or `1.5M`, so that labels stay short. */
function shortNumber(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`
  if (value >= 1000) return `${Number((value / 1000).toPrecision(3))}k`
  return String(Number(value.toPrecision(3)))
}
