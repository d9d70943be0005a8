import type { EChartsOption } from 'echarts'
import type { AxisRange } from './axis'

/*
 * The style of all charts.
 */

/** In pixels: the width of a README, so that the text is readable there. */
export const WIDTH = 860
/** The space below the plot. */
export const BELOW = 60

/** The space to the left and right of title and subtitle. */
const MARGIN = 16
/** The height of a line of the subtitle. */
const SUBTITLE_LINE = 16
/** The height of the title with the gaps around it and below the subtitle. */
const TITLE_ROOM = 66
/**
 * The average width of a letter of the subtitle in the widest of the fonts. Without a screen, text can't be measured.
 */
const SUBTITLE_LETTER = 6.2

/** Without quotes, because echarts writes it into an attribute without escaping. */
export const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif'
export const DARK = '#222222'
export const GREY = '#5f5f5f'
export const FAINT = '#e3e3e3'
const FAINTER = '#f3f3f3'

/** The space above the plot for title and subtitle, in pixels. */
export function roomAbove(subtitle: string): number {
  return TITLE_ROOM + SUBTITLE_LINE * subtitleLines(subtitle).length
}

/** Breaks a subtitle into lines that fit the width. */
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

/** The title and subtitle of a chart. */
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

/** An axis with its own range and labels. */
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
    // Grid lines between powers of ten show that the axis is logarithmic.
    minorTick: { show: false, splitNumber: 10 },
    minorSplitLine: { show: type === 'log', lineStyle: { color: FAINTER } },
    nameTextStyle: { fontSize: 13, color: DARK },
    nameLocation: 'middle' as const,
  }
}

/** Such as `200k` or `1.5M`, so that labels stay short. */
export function shortNumber(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`
  if (value >= 1000) return `${Number((value / 1000).toPrecision(3))}k`
  return String(Number(value.toPrecision(3)))
}
