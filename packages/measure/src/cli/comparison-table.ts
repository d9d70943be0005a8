import Table from 'cli-table3'
import type { Colors } from 'picocolors/types'
import type { ComparedPoint, Comparison, Effect } from '../compare/comparison'
import { figureTitle } from '../compare/effects'
import { pointTitle } from '../compare/point-title'
import { figureText, percentText, ratioText } from '../compare/ratio-text'
import { effectWords, outcomeOf, verdictLine } from '../compare/verdict'
import { wrapped } from './wrapped'

/** How to show a comparison. */
export interface ComparisonTableOptions {
  readonly colors: Colors
  /** The width of a line in characters. Infinity if unlimited. */
  readonly width: number
}

/** Formats a comparison for a terminal: the verdict, then each figure of each point. */
export function comparisonTable(comparison: Comparison, options: ComparisonTableOptions): string {
  const { colors, width } = options
  const paint = outcomeOf(comparison) === 'within' ? colors.bold : colors.red
  const lines = (texts: readonly string[], paint: (text: string) => string) =>
    texts.flatMap((text) => wrapped(text, width)).map((text) => paint(text))
  const failures = comparison.points.flatMap((point) =>
    point.failures.map((reason) => `${pointTitle(point)}: ${reason}`),
  )
  return [
    ...lines([verdictLine(comparison)], paint),
    '',
    ...comparison.points.flatMap((point) => pointLines(point, colors)),
    ...lines(failures, colors.red),
    ...lines(legend(comparison), colors.dim),
    ...lines(comparison.notes, colors.yellow),
  ].join('\n')
}

function pointLines(point: ComparedPoint, colors: Colors): string[] {
  if (point.effects.length === 0) return []
  const table = new Table({
    head: ['', 'A', 'B', 'B to A', ''].map(colors.bold),
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    // The library's own colors ignore NO_COLOR.
    style: { head: [], border: [] },
  })
  for (const effect of point.effects) {
    const { figure, a, b, ratio } = effect
    table.push([
      figureTitle(figure),
      figureText(figure, a),
      figureText(figure, b),
      ratioText(ratio),
      coloured(effect, colors),
    ])
  }
  const repetitions = Math.min(...point.effects.map(({ ratio }) => ratio.repetitions))
  const title = `${pointTitle(point)}, ${repetitions} ${repetitions === 1 ? 'repetition' : 'repetitions'}`
  return [colors.bold(title), table.toString(), '']
}

function coloured(effect: Effect, colors: Colors): string {
  const text = effectWords(effect)
  switch (effect.verdict) {
    case 'beyond':
      return colors.red(text)
    case 'worse':
    case 'generator':
      return colors.yellow(text)
    case 'better':
      return colors.green(text)
    case 'none':
      return text
  }
}

function legend({ a, b, threshold }: Comparison): string[] {
  const side = ({ name, detail }: typeof a) => (detail === null ? name : `${name} (${detail})`)
  return [
    `A: ${side(a)}. B: ${side(b)}.`,
    `Geometric means with 95 % intervals. The threshold of ${percentText(threshold)} is passed where the whole interval is beyond it.`,
  ]
}
