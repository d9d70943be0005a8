import { KNEE_NOTES, type KneeVerdict } from '../summary/knee-verdict'
import { indented, READABLE_WIDTH, type VerdictOptions } from './verdict-lines'
import { wrapped } from './wrapped'

/** Formats the knees of all servers for a terminal: a numbered list, warnings, notes. */
export function kneesText(verdicts: readonly KneeVerdict[], options: VerdictOptions): string {
  const { colors } = options
  const width = Math.min(options.width, READABLE_WIDTH)
  const blocks = verdicts.map(({ title, knees, warnings }) =>
    [
      ...wrapped(title, width).map(colors.bold),
      ...knees.flatMap((knee, index) =>
        indented(knee, `${index + 1}. `.padStart(INDENT.length), INDENT, width),
      ),
      ...warnings
        .flatMap((warning) => indented(warning, '  ! ', INDENT, width))
        .map((line) => colors.yellow(line)),
    ].join('\n'),
  )
  const notes = KNEE_NOTES.flatMap((note) => wrapped(note, width).map(colors.dim)).join('\n')
  return [...blocks, notes].map((block) => `${block}\n`).join('\n')
}

const INDENT = '    '
