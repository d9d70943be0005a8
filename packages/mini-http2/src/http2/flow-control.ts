import { MAX_WINDOW_SIZE } from '../frame/window-update'

/** The initial window of a connection, and of a stream before SETTINGS, RFC 9113 section 6.9.2. */
export const INITIAL_WINDOW_SIZE = 65_535

/**
 * The two flow-control windows of a connection or a stream, RFC 9113 section 5.2: how many octets
 * of DATA each side may still send.
 */
export interface FlowControl {
  /** How many octets may be sent; negative after a smaller SETTINGS_INITIAL_WINDOW_SIZE, section 6.9.2. */
  readonly sendWindow: number
  /**
   * How many octets the peer may send; negative until it knows about a smaller window, section
   * 6.9.3.
   */
  readonly receiveWindow: number
  /**
   * Counts sent DATA.
   *
   * @param count octets, at most {@link sendWindow}. Zero octets need no window
   */
  countSent(count: number): void
  /**
   * Changes the send window, because of WINDOW_UPDATE or a new SETTINGS_INITIAL_WINDOW_SIZE.
   *
   * @returns false if it would exceed 2^31 - 1 octets (section 6.9.1). The window is then unchanged
   */
  changeSendWindow(difference: number): boolean
  /**
   * Counts received DATA.
   *
   * @param count octets including padding (section 6.1). Zero octets need no window
   * @returns false if the window doesn't allow them
   */
  countReceived(count: number): boolean
  /**
   * The peer has acknowledged our SETTINGS_INITIAL_WINDOW_SIZE, which changes the window by this
   * difference.
   */
  changeReceiveWindow(difference: number): void
  /** Received octets were consumed. {@link announce} returns them to the window. */
  consume(count: number): void
  /**
   * Reopens the receive window by the consumed octets, if they are worth a WINDOW_UPDATE.
   *
   * @param windowSize the full size of the window in octets. A WINDOW_UPDATE is sent at half of it:
   *   early enough that the peer doesn't stall, rarely enough to be cheap
   * @returns the increment; 0 if there is nothing to announce yet
   */
  announce(windowSize: number): number
}

/** Returns whether a change would make a send window larger than 2^31 - 1 octets, section 6.9.1. */
export function exceedsLimit(sendWindow: number, difference: number): boolean {
  return difference > MAX_WINDOW_SIZE - sendWindow
}

/** Returns whether the window allows receiving that many octets. */
export function allows(receiveWindow: number, count: number): boolean {
  return count <= receiveWindow || count === 0
}

/** Returns whether that many octets are worth a WINDOW_UPDATE. */
export function isWorthAnnouncing(consumed: number, windowSize: number): boolean {
  return consumed >= windowSize / 2
}

/**
 * The windows of a connection. Streams implement their windows without an extra object or a base
 * class, because one is created for each request. Hot path: `npm run bench` (connection).
 */
export class Windows implements FlowControl {
  #sendWindow: number
  #receiveWindow: number
  /** Octets that were consumed but not announced by a WINDOW_UPDATE yet. */
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

  /** Whether {@link announce} would announce something. */
  isWorthAnnouncing(windowSize: number): boolean {
    return this.#unannounced > 0 && isWorthAnnouncing(this.#unannounced, windowSize)
  }

  announce(windowSize: number): number {
    const increment = this.#unannounced
    if (!isWorthAnnouncing(increment, windowSize)) return 0
    this.#receiveWindow += increment
    this.#unannounced = 0
    return increment
  }
}
