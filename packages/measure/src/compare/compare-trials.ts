import type { Scenario } from '../simulator/loaded-server'
import type { CompletedTrial, Trial } from '../trial/trial'
import type { ComparedPoint, Pairing } from './comparison'
import { effectsOf } from './effects'

/** The trials of both sides, and how to compare them. */
export interface TrialsToCompare {
  readonly a: readonly Trial[]
  readonly b: readonly Trial[]
  readonly pairing: Pairing
  readonly threshold: number
  /** The common name of what was measured on both sides; null if the sides themselves were measured. */
  subjectOf(trial: Trial): string | null
}

/** The points that both sides have, and those that only one has. */
export interface ComparedTrials {
  readonly points: readonly ComparedPoint[]
  readonly onlyA: readonly PointName[]
  readonly onlyB: readonly PointName[]
}

export type PointName = Pick<ComparedPoint, 'subject' | 'scenario' | 'streams' | 'offeredRate'>

/** Compares the common points, in the order of A. */
export function compareTrials(options: TrialsToCompare): ComparedTrials {
  const { pairing, threshold, subjectOf } = options
  const a = byPoint(options.a, subjectOf)
  const b = byPoint(options.b, subjectOf)
  const points = [...a].flatMap(([key, { name, trials }]) => {
    const other = b.get(key)
    if (other === undefined) return []
    const both = { a: trials.filter(isCompleted), b: other.trials.filter(isCompleted) }
    const effects = effectsOf(both, pairing, threshold)
    return [{ ...name, effects, failures: failuresOf([...trials, ...other.trials]) }]
  })
  return { points, onlyA: namesWithout(a, b), onlyB: namesWithout(b, a) }
}

interface Group {
  readonly name: PointName
  readonly trials: Trial[]
}

function byPoint(
  trials: readonly Trial[],
  subjectOf: TrialsToCompare['subjectOf'],
): Map<string, Group> {
  const groups = new Map<string, Group>()
  for (const trial of trials) {
    const name = nameOf(trial, subjectOf(trial))
    const key = JSON.stringify(name)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { name, trials: [trial] })
    else group.trials.push(trial)
  }
  return groups
}

function nameOf({ clients, tls, streams, offeredRate }: Trial, subject: string | null): PointName {
  const scenario: Scenario = { clients, tls }
  return { subject, scenario, streams, offeredRate }
}

function namesWithout(
  groups: ReadonlyMap<string, Group>,
  others: ReadonlyMap<string, Group>,
): PointName[] {
  return [...groups].filter(([key]) => !others.has(key)).map(([, { name }]) => name)
}

function isCompleted(trial: Trial): trial is CompletedTrial {
  return trial.outcome === 'completed'
}

function failuresOf(trials: readonly Trial[]): string[] {
  return [...new Set(trials.flatMap((trial) => (trial.outcome === 'failed' ? [trial.error] : [])))]
}
