import { MAX_WINDOW_SIZE } from '../frame/window-update'

/** The window of a connection, and of a stream before SETTINGS, RFC 9113 section 6.9.2. */
export const INITIAL_WINDOW_SIZE = 65_535

/**
 * The two flow-control windows of a connection or a stream, RFC 9113 section 5.2: how many octets of DATA each side
 * may still send.
 */
export interface FlowControl {
  /** How many octets may be sent; negative after a smaller SETTINGS_INITIAL_WINDOW_SIZE, section 6.9.2. */
  readonly sendWindow: number
  /** How many octets the peer may send; negative before it knows of a smaller window, section 6.9.3. */
  readonly receiveWindow: number
  /**
   * DATA is sent.
   *
   * @param count octets, at most {@link sendWindow}; none need no window
   */
  countSent(count: number): void
  /**
   * Changes the window for sending: by WINDOW_UPDATE, or by the difference that SETTINGS_INITIAL_WINDOW_SIZE makes.
   *
   * @returns false if it would be larger than 2^31 - 1 octets (section 6.9.1): then it stays as it is
   */
  changeSendWindow(difference: number): boolean
  /**
   * DATA has come.
   *
   * @param count octets, with padding (section 6.1); none need no window
   * @returns false if the peer wasn't allowed to send them
   */
  countReceived(count: number): boolean
  /** The peer has acknowledged a SETTINGS_INITIAL_WINDOW_SIZE of ours that differs by so much. */
  changeReceiveWindow(difference: number): void
  /** Octets that were received are used up: as many may come again, when {@link announce} says so. */
  consume(count: number): void
  /**
   * Opens the window for receiving again by what was consumed, if that is enough to be worth a WINDOW_UPDATE.
   *
   * @param windowSize the window when it is open, in octets. Half of it is enough: early enough that the peer
   *   need not stop, seldom enough that it costs little
   * @returns the increment; 0 if there is nothing to announce yet
   */
  announce(windowSize: number): number
}

/** Whether a window for sending would be larger than 2^31 - 1 octets after a change, section 6.9.1. */
export function exceedsLimit(sendWindow: number, difference: number): boolean {
  return difference > MAX_WINDOW_SIZE - sendWindow
}

/** Whether a window allows so many octets to be received. */
export function allows(receiveWindow: number, count: number): boolean {
  return count <= receiveWindow || count === 0
}

/** Whether so many octets are worth a WINDOW_UPDATE. */
export function isWorthAnnouncing(consumed: number, windowSize: number): boolean {
  return consumed >= windowSize / 2
}

/**
 * The windows of a connection. A stream has its own, without an object more or a base class, since one is made for each
 * request. Hot path: `npm run bench` (connection).
 */
export class Windows implements FlowControl {
  #sendWindow: number
  #receiveWindow: number
  /** Octets that were received and used up, and that no WINDOW_UPDATE has announced yet. */
  #unannounced = 0

  constructor(sendWindow: number, receiveWindow: number) {
    this.#sendWindow = sendWindow
    this.#receiveWindow = receiveWindow
  }

  get sendWindow(): number {
    return this.#sendWindow
  }

  get receiveWindow(): number {
    return this.#receiveWindow
  }

  countSent(count: number): void {
    this.#sendWindow -= count
  }

  changeSendWindow(difference: number): boolean {
    if (exceedsLimit(this.#sendWindow, difference)) return false
    this.#sendWindow += difference
    return true
  }

  countReceived(count: number): boolean {
    if (!allows(this.#receiveWindow, count)) return false
    this.#receiveWindow -= count
    return true
  }

  changeReceiveWindow(difference: number): void {
    this.#receiveWindow += difference
  }

  consume(count: number): void {
    this.#unannounced += count
  }

  announce(windowSize: number): number {
    const increment = this.#unannounced
    if (!isWorthAnnouncing(increment, windowSize)) return 0
    this.#receiveWindow += increment
    this.#unannounced = 0
    return increment
  }
}
