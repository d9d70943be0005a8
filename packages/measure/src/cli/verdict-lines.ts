import type { Colors } from 'picocolors/types'
import type { Verdict } from '../summary/verdict'
import {
  noVerdict,
  rankingRemarks,
  rankTexts,
  verdictNotes,
  verdictTitle,
} from '../summary/verdict-text'
import { wrapped } from './wrapped'

/** How to show verdicts. */
export interface VerdictOptions {
  readonly colors: Colors
  /** The width of a line in characters. Infinity if unlimited. */
  readonly width: number
}

/** Longer lines are hard to read, even on a wide terminal. */
export const READABLE_WIDTH = 100

/** Formats verdicts for a terminal: a numbered list and warnings for each, then notes for all. */
export function verdictText(verdicts: readonly Verdict[], options: VerdictOptions): string {
  const { colors } = options
  const width = Math.min(options.width, READABLE_WIDTH)
  const blocks = verdicts.flatMap((verdict) => {
    const lines = verdictLines(verdict, colors, width)
    const title = wrapped(verdictTitle(verdict), width).map(colors.bold)
    return lines.length === 0 ? [] : [[...title, ...lines].join('\n')]
  })
  const lead = noVerdict(verdicts)
  const first = lead === undefined ? [] : [indented(lead, '', '', width).join('\n')]
  const notes = verdictNotes(verdicts).flatMap((note) =>
    indented(note, '', '', width).map((line) => colors.dim(line)),
  )
  return [...first, ...blocks, notes.join('\n')].map((block) => `${block}\n`).join('\n')
}

function verdictLines(verdict: Verdict, colors: Colors, width: number): string[] {
  const { ranking, warnings } = verdict
  const ranks = ranking.kind === 'ranked' ? rankTexts(ranking) : []
  const remarks = ranking.kind === 'ranked' ? rankingRemarks(ranking) : []
  return [
    ...ranks.flatMap(({ best, ties }, index) => [
      ...indented(best, `${index + 1}. `.padStart(INDENT.length), INDENT, width),
      ...ties.flatMap((tie) => indented(tie, INDENT, `${INDENT}  `, width)),
    ]),
    ...remarks.flatMap((remark) => indented(remark, INDENT, INDENT, width)),
    ...warnings
      .flatMap((warning) => indented(warning, '  ! ', INDENT, width))
      .map((line) => colors.yellow(line)),
  ]
}

const INDENT = '    '

/** Breaks a text into lines that fit, with a prefix for the first line and another for the rest. */
export function indented(text: string, first: string, others: string, width: number): string[] {
  const lines = wrapped(text, width - Math.max(first.length, others.length))
  return lines.map((line, index) => `${index === 0 ? first : others}${line}`)
}
