import type { NextRepetition } from '../experiment/run-experiment'
import type { LoadVariables } from '../simulator/load-world'
import { isNarrow } from '../statistics/stopping'
import { toCells } from '../summary/cells'
import { pointName } from '../summary/points'
import { precisionOf } from '../summary/precision'
import type { Trial } from '../trial/trial'
import type { RepetitionPlan } from './repetition-settings'

/** The state of a point's repetitions. */
interface Place {
  /** The duration of each repetition so far, in seconds. */
  readonly costs: number[]
  readonly trials: Trial[]
}

/** A repetition that was approved. */
interface Decision {
  readonly place: string
  readonly round: number
  readonly goesOn: boolean
  /** The time of the decision. */
  readonly at: number
}

/** Decides how often each point is measured. The first repetition is always made. */
export class Repetitions {
  readonly #plan: RepetitionPlan
  readonly #now: () => number
  readonly #beganAt: number
  readonly #places = new Map<string, Place>()
  #last: Decision | undefined

  /** @param now a clock in milliseconds */
  constructor(plan: RepetitionPlan, now: () => number = () => performance.now()) {
    this.#plan = plan
    this.#now = now
    this.#beganAt = now()
  }

  /** The seconds left in the budget; undefined without one. */
  get timeLeft(): number | undefined {
    if (this.#plan.kind === 'fixed') return undefined
    return Math.max(0, this.#plan.minutes * 60 - this.#elapsed)
  }

  /** Whether the next repetition is made. The trials of a point that run whole all continue, or none does. */
  goesOn({ round, variables }: NextRepetition<LoadVariables>): boolean {
    const { scenario, streams, rate } = variables
    const place = pointName({ scenario, streams, offeredRate: rate ?? null })
    const last = this.#last
    if (last?.place === place && last.round === round) return last.goesOn
    const at = this.#now()
    if (last?.goesOn === true) this.#placeOf(last.place).costs.push((at - last.at) / 1000)
    const goesOn = round === 1 || this.#isWorthwhile(this.#placeOf(place))
    this.#last = { place, round, goesOn, at }
    return goesOn
  }

  /** A trial has ended. */
  add(trial: Trial): void {
    this.#placeOf(pointOf(trial)).trials.push(trial)
  }

  #isWorthwhile({ costs, trials }: Place): boolean {
    const plan = this.#plan
    if (plan.kind === 'fixed') return true
    if (plan.precision !== undefined && isPrecise(trials, plan.precision)) return false
    return this.#elapsed + Math.max(...costs) <= plan.minutes * 60
  }

  get #elapsed(): number {
    return (this.#now() - this.#beganAt) / 1000
  }

  #placeOf(name: string): Place {
    const known = this.#places.get(name)
    if (known !== undefined) return known
    const place: Place = { costs: [], trials: [] }
    this.#places.set(name, place)
    return place
  }
}

function isPrecise(trials: readonly Trial[], precision: number): boolean {
  const rows = precisionOf(toCells(trials))
  return rows.length > 0 && rows.every(({ estimate }) => isNarrow(estimate, precision))
}

function pointOf({ clients, tls, streams, offeredRate }: Trial): string {
  return pointName({ scenario: { clients, tls }, streams, offeredRate })
}
