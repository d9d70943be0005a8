import type { Outcome } from '../trial/outcome'
import { dependsOnMachine } from '../trial/promises'

/** The table as Markdown: a row for each attack and number of connections, a column for each server. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const servers = unique(outcomes.map(({ server }) => server))
  const rows = unique(outcomes.map(rowOf)).map((row) => {
    const cells = servers.map((server) => {
      const outcome = outcomes.findLast((one) => rowOf(one) === row && one.server === server)
      return outcome === undefined ? '' : cellOf(outcome)
    })
    return [row, ...cells]
  })
  return aligned([['attack', ...servers], ...rows])
}

/** Beyond this share others disturb the neighbour themselves. */
const MOST_OTHERS = 0.15

/** In words: `kept`, what was broken, or `-`. */
export function cellOf({ result }: Outcome): string {
  if (result.kind === 'not-tried') return '-'
  if (result.kind === 'failed') return `failed: ${result.reason}`
  if (result.broken.length === 0) return 'kept'
  const figures = result.broken.map(({ figure }) => figure).join('; ')
  const { othersShare = 0 } = result.measurements
  const isDoubtful = othersShare > MOST_OTHERS && result.broken.some(dependsOnMachine)
  const others = `${Math.round(othersShare * 100)} %`
  return `broken: ${figures}${isDoubtful ? ` (others had ${others} of the processors)` : ''}`
}

export function rowOf({ attack, connections }: Pick<Outcome, 'attack' | 'connections'>): string {
  return `${attack} x ${connections.toLocaleString('en')}`
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length), 3))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [line(rows[0]!), rule, ...rows.slice(1).map(line)].join('\n')
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)]
}
