import { holdTogether } from '../statistics/holm'
import type { ComparedPoint, Comparison, Effect, EffectVerdict } from './comparison'
import { figureTitle, isUndecided, timesWorse } from './effects'
import { pointTitle } from './point-title'
import { percentText, ratioText } from './ratio-text'

/** An effect, and the point where it was measured. */
export interface PlacedEffect {
  readonly point: ComparedPoint
  readonly effect: Effect
}

/** The outcome of a comparison. */
export type Outcome =
  /** B is worse by more than the threshold. */
  | 'beyond'
  /** Something could not be measured, so nothing is known about it. */
  | 'failed'
  | 'within'

export function outcomeOf(comparison: Comparison): Outcome {
  if (placedEffects(comparison, ['beyond']).length > 0) return 'beyond'
  const isIncomplete = ({ effects, failures }: ComparedPoint) =>
    effects.length === 0 || failures.length > 0
  return comparison.points.some(isIncomplete) ? 'failed' : 'within'
}

/**
 * Summarizes a comparison in a line. Among many figures some differ by chance, so it only counts differences that
 * hold together.
 */
export function verdictLine(comparison: Comparison): string {
  const { a, b, threshold } = comparison
  const all = placedEffects(comparison, ['beyond', 'worse', 'better', 'none'])
  const together = holdTogether(all.map(({ effect }) => effect.ratio))
  const holding = all.filter((_, index) => together[index])
  const of = (effects: readonly PlacedEffect[], verdict: EffectVerdict) =>
    effects.filter(({ effect }) => effect.verdict === verdict)
  const beyond = of(all, 'beyond')
  const [worse, better] = [of(holding, 'worse'), of(holding, 'better')]
  const alone = of(all, 'worse').length + of(all, 'better').length - worse.length - better.length
  if (all.length === 0) return `Nothing is shown: neither ${a.name} nor ${b.name} has a figure.`
  const figures = `${all.length} ${all.length === 1 ? 'figure' : 'figures'}`
  const limit = percentText(threshold)
  if (beyond.length > 0) {
    return `WORSE: ${b.name} is worse than ${a.name} by more than ${limit} in ${beyond.length} of ${figures}, most in ${effectText(mostExtreme(beyond))}.`
  }
  const byChance =
    alone === 0
      ? ''
      : ` ${alone} ${alone === 1 ? 'differs' : 'differ'} alone, as of ${figures} some do by chance.`
  const undecided = all.filter(({ effect }) => isUndecided(effect, threshold))
  const doubt =
    undecided.length === 0
      ? ''
      : ` ${undecided.length} may still be worse by more than ${limit}: repeat more often to tell.`
  const rest = `${byChance}${doubt}`
  if (worse.length + better.length === 0) {
    const largest = Math.max(
      ...all.map(({ effect: { ratio } }) => Math.max(ratio.high, 1 / ratio.low)),
    )
    const margin =
      largest === Number.POSITIVE_INFINITY
        ? 'a single repetition shows none'
        : `it would be at most ${percentText(round(largest - 1))}`
    return `No difference shown between ${a.name} and ${b.name} in ${figures}: ${margin}.${rest}`
  }
  if (worse.length === 0) {
    return `${b.name} is better than ${a.name} in ${better.length} of ${figures}, most in ${effectText(mostExtreme(better))}.${rest}`
  }
  const also = better.length === 0 ? '' : ` and better in ${better.length}`
  return `Not worse by more than ${limit}: ${b.name} is worse than ${a.name} in ${worse.length}${also} of ${figures}, most in ${effectText(mostExtreme(worse))}.${rest}`
}

/** The verdict on an effect in words. */
export function effectWords({ verdict }: Effect): string {
  switch (verdict) {
    case 'beyond':
      return 'worse, beyond the threshold'
    case 'worse':
      return 'worse'
    case 'better':
      return 'better'
    case 'none':
      return 'no difference shown'
    case 'generator':
      return 'the generator was the limit'
  }
}

function placedEffects({ points }: Comparison, verdicts: readonly EffectVerdict[]): PlacedEffect[] {
  return points.flatMap((point) =>
    point.effects
      .filter(({ verdict }) => verdicts.includes(verdict))
      .map((effect) => ({ point, effect })),
  )
}

/** The effect whose interval is furthest from 1. */
function mostExtreme(effects: readonly PlacedEffect[]): PlacedEffect {
  const distance = ({ effect }: PlacedEffect) => {
    const { low, high } = timesWorse(effect)
    return Math.max(Math.log(low), -Math.log(high))
  }
  return effects.reduce((most, one) => (distance(one) > distance(most) ? one : most))
}

function effectText({ point, effect }: PlacedEffect): string {
  return `${pointTitle(point)}: ${figureTitle(effect.figure)} ${ratioText(effect.ratio)}`
}

function round(part: number): number {
  return Number(part.toPrecision(2))
}
