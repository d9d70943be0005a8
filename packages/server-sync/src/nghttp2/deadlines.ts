import type { ConnectionLimits } from '@h2lab/mini-http2'
import type { ClientPresence } from './client-presence'
import type { FrameWatch } from './frame-watch'
import type { GoingAway } from './going-away'
import type { Requests } from './requests'

/** What a connection has waited too long for. */
export type Due =
  | 'preface'
  | 'settings'
  | 'header block'
  /** The acknowledgement of the first GOAWAY. */
  | 'drain'
  /** A sign that the client is still there. */
  | 'presence'
  /** Progress of a response. */
  | 'response'
  /** The rest of requests that are answered. */
  | 'request'
  /** A new request. */
  | 'idle'

/** The owners whose waits {@link Deadlines} combines. */
export interface Waiting {
  readonly frames: FrameWatch
  readonly requests: Requests
  readonly goingAway: GoingAway
  readonly presence: ClientPresence
}

/** When a connection has waited long enough, and for what. All times are in milliseconds. */
export class Deadlines {
  readonly #limits: Required<ConnectionLimits>
  readonly #waiting: Waiting
  readonly #startedAt: number
  #settings: 'not received' | 'received' | 'acknowledged' = 'not received'
  /** When octets were last received or output was last taken. */
  #activeAt: number
  /** When HEADERS or DATA were last received or sent. */
  #progressAt: number

  constructor(limits: Required<ConnectionLimits>, waiting: Waiting, now: number) {
    this.#limits = limits
    this.#waiting = waiting
    this.#startedAt = now
    this.#activeAt = now
    this.#progressAt = now
  }

  /** Whether the client's SETTINGS, the end of its preface, were received. */
  get prefaceReceived(): boolean {
    return this.#settings !== 'not received'
  }

  onActivity(now: number): void {
    this.#activeAt = now
  }

  onProgress(now: number): void {
    this.#progressAt = now
  }

  onSettings(acknowledged: boolean): void {
    if (acknowledged) this.#settings = 'acknowledged'
    else if (this.#settings === 'not received') this.#settings = 'received'
  }

  /** When {@link due} has an answer; Infinity if the connection is closed. */
  get next(): number {
    const { goingAway, requests } = this.#waiting
    if (goingAway.state === 'closed') return Number.POSITIVE_INFINITY
    const { prefaceTimeout, idleTimeout, stalledResponseTimeout } = this.#limits
    if (this.#settings === 'not received') return this.#startedAt + prefaceTimeout
    const next = Math.min(
      requests.open === 0
        ? this.#activeAt + idleTimeout
        : this.#progressAt + stalledResponseTimeout,
      this.#headerBlockDeadline(),
      goingAway.deadline,
      this.#presenceDeadline(),
    )
    return this.#settings === 'acknowledged' ? next : Math.min(next, this.#settingsDeadline())
  }

  /** What the connection has waited too long for. Undefined before {@link next}. */
  due(now: number): Due | undefined {
    if (now < this.next) return undefined
    if (this.#settings === 'not received') return 'preface'
    if (this.#settings === 'received' && now >= this.#settingsDeadline()) return 'settings'
    if (now >= this.#headerBlockDeadline()) return 'header block'
    const { goingAway, requests } = this.#waiting
    if (now >= goingAway.deadline) return 'drain'
    if (now >= this.#presenceDeadline()) return 'presence'
    if (requests.unfinished > 0) return 'response'
    return requests.open > 0 ? 'request' : 'idle'
  }

  #settingsDeadline(): number {
    return this.#startedAt + this.#limits.settingsTimeout
  }

  #headerBlockDeadline(): number {
    return this.#waiting.frames.headerBlockSince + this.#limits.headerBlockTimeout
  }

  /**
   * A client is asked only while it waits for a response. A client that still owes the rest of its request could
   * put off the end of its connection by answering.
   */
  #presenceDeadline(): number {
    const { presence, requests } = this.#waiting
    if (requests.open === 0) return Number.POSITIVE_INFINITY
    if (requests.unfinished === 0 && !presence.inputEnded) return Number.POSITIVE_INFINITY
    return presence.deadline
  }
}
