import { type Estimate, estimate, estimateRatio } from '../statistics/estimate'
import { estimateUnpairedRatio } from '../statistics/welch'
import type { CompletedTrial } from '../trial/trial'
import type { Effect, EffectVerdict, Figure, Pairing } from './comparison'

/** The properties of a figure. */
interface FigureEntry {
  readonly figure: Figure
  readonly title: string
  /** The better direction. */
  readonly better: 'less' | 'more'
}

/** In display order: the main figure first. */
const FIGURES: readonly FigureEntry[] = [
  { figure: 'serverCpuPerRequest', title: 'CPU per request', better: 'less' },
  { figure: 'requestsPerSecond', title: 'requests per second', better: 'more' },
]

/** The trials of one point. */
export interface PointTrials {
  readonly a: readonly CompletedTrial[]
  readonly b: readonly CompletedTrial[]
}

/** Estimates the ratio of B to A for each figure that both sides have. */
export function effectsOf(trials: PointTrials, pairing: Pairing, threshold: number): Effect[] {
  return FIGURES.flatMap(({ figure }) => {
    const a = estimate(valuesOf(trials.a, figure))
    const b = estimate(valuesOf(trials.b, figure))
    const ratio = ratioOf(trials, figure, pairing)
    if (a === undefined || b === undefined || ratio === undefined) return []
    const verdict = verdictOf(trials, figure, ratio, threshold)
    return [{ figure, a, b, ratio, verdict }]
  })
}

/** The title of a figure. */
export function figureTitle(figure: Figure): string {
  return entryOf(figure).title
}

/** The ratio and its interval as how many times worse B is than A. Below 1, B is better. */
export function timesWorse({ figure, ratio }: Pick<Effect, 'figure' | 'ratio'>): Estimate {
  if (entryOf(figure).better === 'less') return ratio
  const { value, low, high, repetitions } = ratio
  return { value: 1 / value, low: 1 / high, high: 1 / low, repetitions }
}

/** Whether B may still be worse by more than the threshold. More repetitions would tell. */
export function isUndecided(effect: Effect, threshold: number): boolean {
  const { verdict } = effect
  return verdict !== 'beyond' && verdict !== 'generator' && timesWorse(effect).high > 1 + threshold
}

function entryOf(figure: Figure): FigureEntry {
  return FIGURES.find((entry) => entry.figure === figure)!
}

function ratioOf({ a, b }: PointTrials, figure: Figure, pairing: Pairing): Estimate | undefined {
  if (pairing === 'none') return estimateUnpairedRatio(valuesOf(b, figure), valuesOf(a, figure))
  return estimateRatio(
    b.flatMap((trial) => {
      const of = trial[figure]
      const by = a.find(({ round }) => round === trial.round)?.[figure]
      return isMeasured(of) && isMeasured(by) ? [{ of, by }] : []
    }),
  )
}

function valuesOf(trials: readonly CompletedTrial[], figure: Figure): number[] {
  return trials.map((trial) => trial[figure]).filter(isMeasured)
}

/** Zero means that the clock did not advance. */
function isMeasured(value: number | null | undefined): value is number {
  return typeof value === 'number' && value > 0
}

/** Noise must not fail a build: B is beyond the threshold only if the whole interval is. */
function verdictOf(
  { a, b }: PointTrials,
  figure: Figure,
  ratio: Estimate,
  threshold: number,
): EffectVerdict {
  const isGenerators = [...a, ...b].some(({ limit }) => limit === 'generator')
  if (figure === 'requestsPerSecond' && isGenerators) return 'generator'
  const { low, high } = timesWorse({ figure, ratio })
  if (low > 1 + threshold) return 'beyond'
  if (low > 1) return 'worse'
  return high < 1 ? 'better' : 'none'
}
