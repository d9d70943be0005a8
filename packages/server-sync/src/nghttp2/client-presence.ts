import type { ConnectionLimits } from '@h2lab/mini-http2'

/**
 * How long responses may pause after the client has ended its side, in milliseconds, as in the protocol `http2`. Most
 * clients that end their side are gone.
 */
const HALF_CLOSED_PAUSE = 500

/** The results of {@link ClientPresence.check}. */
export type Presence =
  /** There is nothing to do. */
  | 'present'
  /** It has been silent long enough to send it a PING. */
  | 'ask'
  /** It has not answered the PING. */
  | 'unanswered'
  /** It has ended its side and accepts nothing. */
  | 'gone'

/** Finds out whether a client is still there while responses wait for it. */
export class ClientPresence {
  readonly #limits: Required<ConnectionLimits>
  #heardAt: number
  /**
   * Since when a PING is waiting in the output or was sent. Undefined if there is none, or if anything was received
   * since.
   */
  #question: { state: 'waiting' | 'sent'; at: number } | undefined
  /** How many keep-alive PINGs the client has to acknowledge before any other. */
  #pings = 0
  /** When it ended its side, and when it last accepted anything. */
  #ended: { readonly at: number; progressAt: number } | undefined

  /** @param now in milliseconds */
  constructor(limits: Required<ConnectionLimits>, now: number) {
    this.#limits = limits
    this.#heardAt = now
  }

  /** Octets were received. */
  onInput(now: number): void {
    this.#heardAt = now
    this.#question = undefined
  }

  /** Output was taken. */
  onOutput(now: number): void {
    if (this.#question?.state === 'waiting') this.#question = { state: 'sent', at: now }
    if (this.#ended !== undefined) this.#ended.progressAt = now
  }

  /** The client has ended its side. */
  onInputEnded(now: number): void {
    this.#ended ??= { at: now, progressAt: now }
  }

  /** A keep-alive PING was added to the output. */
  onAsked(now: number): void {
    this.#question = { state: 'waiting', at: now }
    this.#pings += 1
  }

  /**
   * The client acknowledged a PING. It acknowledges them in the order in which they were sent.
   *
   * @returns whether it was a keep-alive PING
   */
  onAcknowledged(): boolean {
    if (this.#pings === 0) return false
    this.#pings -= 1
    return true
  }

  /** Whether the client has ended its side. */
  get inputEnded(): boolean {
    return this.#ended !== undefined
  }

  /** When {@link check} has a new result, provided that a stream is open. */
  get deadline(): number {
    const { keepAlive, keepAliveTimeout, halfClosedTimeout } = this.#limits
    const ended = this.#ended
    if (ended !== undefined) {
      return Math.min(ended.progressAt + HALF_CLOSED_PAUSE, ended.at + halfClosedTimeout)
    }
    return this.#question === undefined
      ? this.#heardAt + keepAlive
      : this.#question.at + keepAliveTimeout
  }

  check(now: number): Presence {
    if (now < this.deadline) return 'present'
    if (this.#ended !== undefined) return 'gone'
    return this.#question === undefined ? 'ask' : 'unanswered'
  }
}
