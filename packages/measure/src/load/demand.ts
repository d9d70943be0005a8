import type { Random } from '../statistics/random'
import { type Arrivals, planArrivals } from './arrivals'
import type { LoadPart } from './plan'

/** Which requests a part of a load still wants. All times are of `performance.now()`, in milliseconds. */
export interface Demand {
  /** Returns when the next request to be sent was due, and takes it; NaN if there is none now. */
  take(now: number): number
  /** A request that was taken was not processed by the server. */
  giveBack(dueAt: number): void
  /** Its time is over, and what had room was taken: what is still waiting stays. */
  finish(now: number): void
  /** No more is taken, whatever was planned. */
  stop(now: number): void
  /** When another request becomes due; Infinity where that is up to the answers, or none is left. */
  nextAt(now: number): number
  /** Whether requests of an open loop were due, and nobody had room for them. */
  hasWaiting(now: number): boolean
  /** Whether no more requests come. */
  isOver(now: number): boolean
  /** How many were due, or asked for by their number, and not taken when it ended. */
  readonly waiting: number
}

/** @param beginsAt on the clock of `performance.now()` */
export function demandOf({ loop, until }: LoadPart, beginsAt: number, random: Random): Demand {
  if (loop.kind === 'closed') return new ClosedDemand(until, beginsAt)
  const endsAt = until.kind === 'time' ? beginsAt + until.seconds * 1000 : Number.POSITIVE_INFINITY
  return new OpenDemand(planArrivals(loop, until, random), beginsAt, endsAt)
}

/** A request is due whenever there is room for it. */
class ClosedDemand implements Demand {
  #endsAt: number
  #left: number

  constructor(until: LoadPart['until'], beginsAt: number) {
    const isTimed = until.kind === 'time'
    this.#endsAt = isTimed ? beginsAt + until.seconds * 1000 : Number.POSITIVE_INFINITY
    this.#left = isTimed ? Number.POSITIVE_INFINITY : until.requests
  }

  get waiting(): number {
    return Number.isFinite(this.#left) ? this.#left : 0
  }

  take(now: number): number {
    if (now >= this.#endsAt || this.#left <= 0) return Number.NaN
    this.#left--
    return now
  }

  giveBack(): void {
    this.#left++
  }

  /** A request that was given back is taken once more. */
  finish(): void {}

  stop(): void {
    this.#endsAt = 0
  }

  nextAt(): number {
    return Number.POSITIVE_INFINITY
  }

  /** Its answers drive it. */
  hasWaiting(): boolean {
    return false
  }

  isOver(now: number): boolean {
    return now >= this.#endsAt || this.#left <= 0
  }
}

/**
 * Requests are due at planned times, and wait while there is no room for them. They wait in no queue, which would grow
 * without bound: the next one is planned when the one before it is taken, however long ago it was due.
 */
class OpenDemand implements Demand {
  readonly #arrivals: Arrivals
  readonly #beginsAt: number
  readonly #endsAt: number
  /** Due times of what the server did not process. */
  #givenBack: number[] = []
  #next: number
  #state:
    | { readonly kind: 'taking' }
    /** What is given back is still taken. */
    | { readonly kind: 'finished'; readonly waiting: number }
    | { readonly kind: 'stopped'; readonly waiting: number } = { kind: 'taking' }

  constructor(arrivals: Arrivals, beginsAt: number, endsAt: number) {
    this.#arrivals = arrivals
    this.#beginsAt = beginsAt
    this.#endsAt = endsAt
    this.#next = this.#plan()
  }

  get waiting(): number {
    return this.#givenBack.length + (this.#state.kind === 'taking' ? 0 : this.#state.waiting)
  }

  /** Also after the end, what was due before: a generator that comes late must not blame the server. */
  take(now: number): number {
    if (this.#state.kind === 'stopped') return Number.NaN
    if (this.#givenBack.length > 0) return this.#givenBack.shift()!
    if (this.#state.kind === 'finished') return Number.NaN
    const dueAt = this.#next
    if (dueAt > now) return Number.NaN
    this.#next = this.#plan()
    return dueAt
  }

  giveBack(dueAt: number): void {
    this.#givenBack.push(dueAt)
  }

  finish(now: number): void {
    if (this.#state.kind === 'taking') this.#state = { kind: 'finished', waiting: this.#count(now) }
  }

  stop(now: number): void {
    if (this.#state.kind === 'stopped') return
    const waiting = this.#state.kind === 'finished' ? this.#state.waiting : this.#count(now)
    this.#state = { kind: 'stopped', waiting }
  }

  /** How many are due, and were not taken. */
  #count(now: number): number {
    if (this.#next > now) return 0
    return 1 + this.#arrivals.countUntil((now - this.#beginsAt) / 1000)
  }

  nextAt(): number {
    return Math.min(this.#next, this.#endsAt)
  }

  hasWaiting(now: number): boolean {
    return this.#givenBack.length > 0 || this.#next <= now
  }

  isOver(now: number): boolean {
    if (this.#state.kind === 'stopped') return true
    if (this.#state.kind === 'finished') return this.#givenBack.length === 0
    // Planned arrivals end before the time does.
    return (
      now >= this.#endsAt ||
      (this.#givenBack.length === 0 && this.#next === Number.POSITIVE_INFINITY)
    )
  }

  #plan(): number {
    return this.#beginsAt + this.#arrivals.next() * 1000
  }
}
