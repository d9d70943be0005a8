import type { EChartsOption } from 'echarts'
import type { AxisRange } from './axis'

/*
 * What all charts have in common.
 */

/** In pixels: as wide as a README is shown, with letters large enough there. */
export const WIDTH = 860
/** From what is drawn to the bottom. */
export const BELOW = 60

/** Left and right of title and subtitle. */
const MARGIN = 16
/** Of a line of the subtitle. */
const SUBTITLE_LINE = 16
/** The title, and the gaps around it and below the subtitle. */
const TITLE_ROOM = 66
/** Of a letter of the subtitle in the widest of the fonts, on average: without a screen nothing can be measured. */
const SUBTITLE_LETTER = 6.2

/** Without quotes: echarts writes it into an attribute as it is. */
export const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif'
export const DARK = '#222222'
export const GREY = '#5f5f5f'
export const FAINT = '#e3e3e3'
const FAINTER = '#f3f3f3'

/** From the top to what is drawn, in pixels: title and subtitle have room there. */
export function roomAbove(subtitle: string): number {
  return TITLE_ROOM + SUBTITLE_LINE * subtitleLines(subtitle).length
}

/** Breaks a subtitle where it would be cut off at the right edge. */
function subtitleLines(subtitle: string): string[] {
  const most = Math.floor((WIDTH - 2 * MARGIN) / SUBTITLE_LETTER)
  return subtitle.split('\n').flatMap((line) => {
    const lines: string[] = []
    for (const word of line.split(' ')) {
      const last = lines.at(-1)
      if (last === undefined || last.length + 1 + word.length > most) lines.push(word)
      else lines[lines.length - 1] = `${last} ${word}`
    }
    return lines.filter((one) => one !== '')
  })
}

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
      subtext: subtitleLines(subtitle).join('\n'),
      left: MARGIN,
      top: 12,
      textStyle: { fontSize: 18, fontWeight: 600, color: DARK },
      subtextStyle: { fontSize: 12, lineHeight: SUBTITLE_LINE, color: GREY },
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
