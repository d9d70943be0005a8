import type * as echarts from 'echarts'

/** The entry of a line in the legend. */
export interface LegendEntry {
  readonly name: string
  readonly note?: string | undefined
}

/** The height of a line in the legend, including the gap to the next. */
export const LEGEND_LINE = 26

const SYMBOL_WIDTH = 34
/** The average width of a letter in the widest of the fonts. Without a screen, text can't be measured. */
export const LETTER_WIDTH = 7.6
/** The longest name. Longer ones, such as addresses, are cut to leave room for the rest. */
export const MOST_LETTERS = 28
const FONT_SIZE = 13
/** The gap between a name and its note. */
const GAP = 14

/** From the end of the notes to the right edge. */
export const NOTE_MARGIN = 18

/** Where a legend is, and how much room its names and notes have. */
export interface LegendRoom {
  readonly width: number
  readonly nameWidth: number
  readonly noteWidth: number
}

/** The width of a legend, in pixels. */
export function legendRoom(entries: readonly LegendEntry[], noteName = ''): LegendRoom {
  const longestName = Math.max(...entries.map(({ name }) => name.length))
  const longestNote = Math.max(...entries.map(({ note = '' }) => note.length), noteName.length)
  const nameWidth = Math.min(longestName, MOST_LETTERS) * LETTER_WIDTH
  const noteWidth = longestNote === 0 ? 0 : longestNote * LETTER_WIDTH + GAP
  return { width: SYMBOL_WIDTH + nameWidth + noteWidth + 28, nameWidth, noteWidth }
}

/** A legend next to the plot, where it never overlaps the title or the axes. */
export function legendOption(
  entries: readonly LegendEntry[],
  { nameWidth, noteWidth }: LegendRoom,
  place: { readonly left: number; readonly top: number; readonly color: string },
): echarts.LegendComponentOption {
  const { left, top, color } = place
  const notes = new Map(entries.map(({ name, note }) => [name, note]))
  return {
    orient: 'vertical',
    selectedMode: false,
    left,
    top,
    itemWidth: SYMBOL_WIDTH,
    itemGap: 12,
    data: entries.map(({ name }) => name),
    ...(noteWidth === 0
      ? { textStyle: { fontSize: FONT_SIZE, color, width: nameWidth, overflow: 'truncate' } }
      : {
          formatter: (name: string) => `{name|${cut(name)}}{note|${notes.get(name) ?? ''}}`,
          textStyle: {
            rich: {
              name: { fontSize: FONT_SIZE, color, width: nameWidth },
              note: {
                fontSize: FONT_SIZE,
                color,
                width: noteWidth,
                align: 'right',
                fontWeight: 600,
              },
            },
          },
        }),
  }
}

/** The heading of the notes. */
export function noteHead(
  noteName: string,
  place: {
    readonly right: number
    readonly top: number
    readonly color: string
    readonly font: string
  },
): echarts.GraphicComponentOption {
  return {
    type: 'text',
    x: place.right,
    y: place.top - 20,
    silent: true,
    // Not by its width, which is only guessed.
    style: { text: noteName, align: 'right', fill: place.color, font: `12px ${place.font}` },
  }
}

/** Shortens a name that is too long. */
export function cut(name: string): string {
  return name.length <= MOST_LETTERS ? name : `${name.slice(0, MOST_LETTERS - 1)}…`
}
