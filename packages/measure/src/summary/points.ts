import type { Scenario } from '../simulator/loaded-server'
import type { CompletedTrial, Trial } from '../trial/trial'

/** What has to be the same for trials to be compared. */
export interface Point {
  readonly scenario: Scenario
  readonly streams: number
  /** Requests a second that were offered, of all connections together; null in a closed loop. */
  readonly offeredRate: number | null
}

/** Names the point that trials have in common that are compared. */
export function pointName({ scenario, streams, offeredRate }: Point): string {
  return JSON.stringify([scenario.clients, scenario.tls, streams, offeredRate])
}

/** The trials of a run by implementation and point, in the order in which they come first. */
export class TrialsByPoint {
  readonly #trials = new Map<string, Trial[]>()

  constructor(trials: readonly Trial[]) {
    for (const trial of trials) {
      const { implementation, clients, tls, streams, offeredRate } = trial
      const key = keyOf(implementation, { scenario: { clients, tls }, streams, offeredRate })
      const same = this.#trials.get(key)
      if (same === undefined) this.#trials.set(key, [trial])
      else same.push(trial)
    }
  }

  /** All there are, those of one implementation at one point together. */
  all(): readonly (readonly Trial[])[] {
    return [...this.#trials.values()]
  }

  /** Those of an implementation at a point that were measured. */
  completed(implementation: string, point: Point): CompletedTrial[] {
    const trials = this.#trials.get(keyOf(implementation, point)) ?? []
    return trials.filter((trial) => trial.outcome === 'completed')
  }
}

function keyOf(implementation: string, point: Point): string {
  return `${pointName(point)} ${implementation}`
}
