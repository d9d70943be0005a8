import type { Random } from '../statistics/random'
import { type Arrivals, planArrivals } from './arrivals'
import type { LoadPart } from './plan'

/**
 * The requests that are still to be sent in a part of a load. All times are in milliseconds of `performance.now()`.
 */
export interface Demand {
  /** Takes the next request to be sent and returns when it was due. NaN if there is none now. */
  take(now: number): number
  /** The server did not process a request that was taken. */
  giveBack(dueAt: number): void
  /** Ends the demand after its time. What is still waiting stays. */
  finish(now: number): void
  /** Ends the demand at once. Nothing more is taken. */
  stop(now: number): void
  /** When another request becomes due. Infinity if that depends on answers, or if none is left. */
  nextAt(now: number): number
  /** Whether due requests of an open loop are waiting for room. */
  hasWaiting(now: number): boolean
  /** Whether no more requests follow. */
  isOver(now: number): boolean
  /** How many requests were due, or planned by number, but not taken at the end. */
  readonly waiting: number
}

/** @param beginsAt in milliseconds of `performance.now()` */
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

  /** A request that was given back is taken again. */
  finish(): void {}

  stop(): void {
    this.#endsAt = 0
  }

  nextAt(): number {
    return Number.POSITIVE_INFINITY
  }

  /** A closed loop is driven by answers. */
  hasWaiting(): boolean {
    return false
  }

  isOver(now: number): boolean {
    return now >= this.#endsAt || this.#left <= 0
  }
}

/**
 * Requests are due at planned times and wait while there is no room. They are not queued, because a queue would grow
 * without bound: each is planned when the previous one is taken, no matter how long ago it was due.
 */
class OpenDemand implements Demand {
  readonly #arrivals: Arrivals
  readonly #beginsAt: number
  readonly #endsAt: number
  /** The due times of requests that the server did not process. */
  #givenBack: number[] = []
  #next: number
  #state:
    | { readonly kind: 'taking' }
    /** Requests that were given back are still taken. */
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

  /** Also returns requests due before the end: a late generator must not blame the server. */
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

  /** How many requests are due but not taken. */
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
    // Planned arrivals end before the time is over.
    return (
      now >= this.#endsAt ||
      (this.#givenBack.length === 0 && this.#next === Number.POSITIVE_INFINITY)
    )
  }

  #plan(): number {
    return this.#beginsAt + this.#arrivals.next() * 1000
  }
}
