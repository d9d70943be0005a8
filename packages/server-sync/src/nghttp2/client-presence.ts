import type { ConnectionLimits } from '@h2lab/mini-http2'

/**
 * How long responses may pause after the client has ended its side, in milliseconds, as in the protocol `http2`: most
 * clients that end their side are gone.
 */
const HALF_CLOSED_PAUSE = 500

/** What {@link ClientPresence} has found out. */
export type Presence =
  /** Nothing is to be done. */
  | 'present'
  /** It has been silent for so long that it should be asked by PING. */
  | 'ask'
  /** It was asked and hasn't answered. */
  | 'unanswered'
  /** It has ended its side and takes nothing. */
  | 'gone'

/** Whether a client is still there while responses wait for it. */
export class ClientPresence {
  readonly #limits: Required<ConnectionLimits>
  #heardAt: number
  /** When it was asked, if it was and hasn't been heard since: first by being told to, then by octets. */
  #question: { state: 'waiting' | 'sent'; at: number } | undefined
  /** How many keep-alive PINGs the client has to acknowledge before any other. */
  #pings = 0
  /** When it ended its side, and when it took something last. */
  #ended: { readonly at: number; progressAt: number } | undefined

  /** @param now milliseconds, as everywhere here */
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

  /** A PING was put into the output. */
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

  /** When {@link check} has something new to say, as long as a stream is open. */
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
