import { BASELINE } from '../implementations/baseline'
import { type Estimate, showsDifference } from '../statistics/estimate'
import type { Cell } from './cells'
import { formatEstimate, formatInterval, formatNumber, formatRatio, formatTime } from './numbers'
import { pointTitle } from './point-title'
import { rowName } from './row-name'
import type { Rank, RankingWithTies, Step, Tie, Verdict } from './verdict'
import { listed } from './warnings'

/*
 * Verdicts in words.
 */

/** The text of a rank: a line about its best, and a line for each that ties with it. */
export interface RankText {
  readonly best: string
  readonly ties: readonly string[]
}

/** The point of a verdict, and what it ranks by. */
export function verdictTitle(verdict: Verdict): string {
  const { ranking } = verdict
  if (ranking.kind !== 'ranked') return pointTitle(verdict)
  if (ranking.measure === 'serverCpuPerRequest') {
    return `${pointTitle(verdict)}: least CPU per request first`
  }
  return (
    `${pointTitle(verdict)}: most requests per second first, ` +
    `since the CPU time of ${listed(ranking.withoutCpu.map(rowName))} is unknown`
  )
}

/** A ranking in words, best first. */
export function rankTexts({ ranks, measure }: RankingWithTies): RankText[] {
  return ranks.map((rank) => ({
    best: `${bestText(rank, measure)}`,
    ties: rank.ties.map((tie) => tieText(rank.best, tie)),
  }))
}

/** Remarks on a ranking, each a sentence. */
export function rankingRemarks({
  alsoNotShown,
  withoutCpu,
  overloaded,
  notMeasured,
  measure,
}: RankingWithTies): string[] {
  const remarks: string[] = []
  if (alsoNotShown.length > 0) {
    const pairs = alsoNotShown
      .slice(0, MOST_PAIRS)
      .map(([one, other]) => `${one.implementation} and ${other.implementation}`)
    const more = alsoNotShown.length - pairs.length
    const rest = more > 0 ? `; and ${more} ${more === 1 ? 'pair' : 'pairs'} more` : ''
    remarks.push(`In different ranks, but not shown to differ either: ${pairs.join('; ')}${rest}.`)
  }
  if (measure === 'serverCpuPerRequest' && withoutCpu.length > 0) {
    remarks.push(`Not ranked, since their CPU time is unknown: ${listed(withoutCpu.map(rowName))}.`)
  }
  if (overloaded.length > 0) {
    const they = overloaded.length === 1 ? 'it' : 'they'
    remarks.push(
      `Not ranked, since ${they} did not keep up with the offered rate: ${listed(overloaded.map(rowName))}.`,
    )
  }
  if (notMeasured.length > 0) {
    const names = listed(notMeasured.map(rowName))
    remarks.push(`Not ranked, since nothing could be measured: ${names}.`)
  }
  return remarks
}

/** A longer list is not readable. */
const MOST_PAIRS = 6

/** The reason if there is no ranking at all; otherwise undefined. */
export function noVerdict(verdicts: readonly Verdict[]): string | undefined {
  const kinds = verdicts.map(({ ranking }) => ranking.kind)
  if (kinds.includes('ranked')) return undefined
  return kinds.includes('single-repetition')
    ? `No verdict: ${SINGLE}`
    : 'No verdict: nothing could be measured.'
}

const SINGLE = 'a single repetition has no spread, so nothing can be claimed.'

/** Notes on all verdicts of a run, each a sentence or two. */
export function verdictNotes(verdicts: readonly Verdict[]): string[] {
  const ranked = verdicts.flatMap(({ ranking }) => (ranking.kind === 'ranked' ? [ranking] : []))
  const notes: string[] = []
  if (ranked.length > 0) {
    if (verdicts.some(({ ranking }) => ranking.kind === 'single-repetition')) {
      notes.push(`Where there is no ranking: ${SINGLE}`)
    }
    notes.push(
      'Figures in brackets and after ± are intervals that contain the true value in 95 of 100 runs. Ratios are of the same rounds. No difference is shown where the interval of a ratio contains 1; each of a rank is compared with its first.',
    )
  }
  const steps = ranked.flatMap(({ ranks }) => ranks.flatMap(({ step }) => step ?? []))
  if (steps.some(({ holds }) => holds === 'alone')) {
    notes.push(
      `(${ALONE}): this difference is shown by itself, but not if none of all pairs there may be wrong: where many are compared, some seem to differ by chance.`,
    )
  }
  if (verdicts.some(({ offeredRate }) => offeredRate === null)) {
    notes.push(
      'Closed loop: the faster a server answers, the fewer requests wait for it at once. So batches differ, and CPU per request with them; at equal offered load they do not.',
    )
  }
  if (verdicts.some(({ offeredRate }) => offeredRate !== null)) {
    notes.push(
      'Equal offered load: every server gets as many requests per second, however it answers.',
    )
  }
  return notes
}

const ALONE = 'by itself'

function bestText({ best, step, ties }: Rank, measure: RankingWithTies['measure']): string {
  const own = step === undefined ? [figureText(best, measure)] : [stepText(step, measure)]
  const tiesWithBaseline = ties.some(({ cell }) => cell.implementation === BASELINE)
  const compares = measure === 'serverCpuPerRequest' && !tiesWithBaseline
  const name = best.implementation === BASELINE ? `${rowName(best)}, the baseline` : rowName(best)
  const factor =
    // The previous rank already says it.
    compares && best.vsBaseline !== null && step?.from.implementation !== BASELINE
      ? factorText(best.vsBaseline)
      : []
  return `${name}: ${[...own, ...factor].join(', ')}`
}

function figureText(cell: Cell, measure: RankingWithTies['measure']): string {
  return measure === 'serverCpuPerRequest'
    ? formatEstimate(cell.serverCpuPerRequest!, formatTime)
    : `${formatEstimate(cell.requestsPerSecond!, formatNumber)} per second`
}

function stepText({ from, ratio, holds }: Step, measure: RankingWithTies['measure']): string {
  const what = measure === 'serverCpuPerRequest' ? 'CPU' : 'requests'
  const reservation = holds === 'alone' ? `; ${ALONE}` : ''
  return `${formatRatio(ratio.value)} times the ${what} of ${from.implementation} (${formatInterval(ratio)}${reservation})`
}

/** Such as `34 times less than node-http2 (32 to 36)`. */
function factorText(ratio: Estimate): string[] {
  if (ratio.repetitions < 2) return []
  const interval = formatInterval(ratio)
  if (!showsDifference(ratio)) return [`no difference to ${BASELINE} shown (${interval})`]
  if (ratio.value > 1)
    return [`${formatRatio(ratio.value)} times less than ${BASELINE} (${interval})`]
  const inverse = { low: 1 / ratio.high, high: 1 / ratio.low }
  return [`${formatRatio(1 / ratio.value)} times ${BASELINE} (${formatInterval(inverse)})`]
}

function tieText(best: Cell, { cell, ratio }: Tie): string {
  const pair = `${best.implementation} and ${rowName(cell)}`
  if (ratio === null)
    return `${pair}: not compared, because they have fewer than two rounds in common`
  return `${pair}: no difference shown, ${formatInterval(ratio)}`
}
