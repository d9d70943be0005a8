import type { Scenario } from '../simulator/loaded-server'
import type { CompletedTrial, Trial } from '../trial/trial'

/** The conditions that trials must share to be compared. */
export interface Point {
  readonly scenario: Scenario
  readonly streams: number
  /** The offered requests per second of all connections together; null in a closed loop. */
  readonly offeredRate: number | null
}

/** The key of a point. */
export function pointName({ scenario, streams, offeredRate }: Point): string {
  return JSON.stringify([scenario.clients, scenario.tls, streams, offeredRate])
}

/** The trials of a run by implementation and point, in the order of their first occurrence. */
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

  /** All trials, grouped by implementation and point. */
  all(): readonly (readonly Trial[])[] {
    return [...this.#trials.values()]
  }

  /** The measured trials of an implementation at a point. */
  completed(implementation: string, point: Point): CompletedTrial[] {
    const trials = this.#trials.get(keyOf(implementation, point)) ?? []
    return trials.filter((trial) => trial.outcome === 'completed')
  }
}

function keyOf(implementation: string, point: Point): string {
  return `${pointName(point)} ${implementation}`
}
