import type { ComparedSide, Comparison } from './comparison'
import { figureTitle } from './effects'
import { pointTitle } from './point-title'
import { figureText, percentText, ratioText } from './ratio-text'
import { effectWords, verdictLine } from './verdict'

/** Formats a comparison as Markdown, for a comment on a pull request. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { a, b, points, threshold, notes } = comparison
  const rows = points.flatMap((point) =>
    point.effects.map((effect) => [
      pointTitle(point),
      figureTitle(effect.figure),
      figureText(effect.figure, effect.a),
      figureText(effect.figure, effect.b),
      ratioText(effect.ratio),
      effect.verdict === 'beyond' ? `**${effectWords(effect)}**` : effectWords(effect),
    ]),
  )
  const failures = points.flatMap((point) =>
    point.failures.map((reason) => `${pointTitle(point)}: ${reason}`),
  )
  return [
    `**${escaped(verdictLine(comparison))}**`,
    '',
    row(['load', 'figure', `A: ${sideText(a)}`, `B: ${sideText(b)}`, 'B to A', 'verdict']),
    '| --- | --- | --: | --: | --: | --- |',
    ...rows.map(row),
    '',
    ...[...failures.map((text) => `Not measured: ${text}`), ...notes].map(
      (text) => `- ${escaped(text)}`,
    ),
    `- Geometric means with 95 % intervals; the threshold is ${percentText(threshold)}.`,
    '',
  ].join('\n')
}

function sideText({ name, detail }: ComparedSide): string {
  return detail === null ? name : `${name} (${detail.slice(0, 12)})`
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(cellText).join(' | ')} |`
}

function cellText(text: string): string {
  return text.startsWith('**') ? text : escaped(text)
}

/** Names of folders and revisions may contain Markdown syntax. */
function escaped(text: string): string {
  return text.replaceAll(/[\\|*_`<>[\]]/g, '\\$&').replaceAll('\n', ' ')
}
