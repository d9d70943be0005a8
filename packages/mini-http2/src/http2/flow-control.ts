import { MAX_WINDOW_SIZE } from '../frame/window-update'

/** The window of a connection, and of a stream before SETTINGS, RFC 9113 section 6.9.2. */
export const INITIAL_WINDOW_SIZE = 65_535

/**
 * The two flow-control windows of a connection or a stream, RFC 9113 section 5.2: how many octets of DATA each side
 * may still send. All arithmetic of windows is here.
 *
 * A stream is one, instead of having one: it is made for each request, and this would be an object more. That is also
 * why its fields are private by type only: to define a `#name` takes V8 as long as ten assignments. Hot path:
 * `npm run bench` (connection).
 */
export class FlowControl {
  private sending: number
  private receiving: number
  /** Octets that were received and used up, and that no WINDOW_UPDATE has announced yet. */
  private unannounced = 0

  constructor(sendWindow: number, receiveWindow: number) {
    this.sending = sendWindow
    this.receiving = receiveWindow
  }

  /** How many octets may be sent; negative after a smaller SETTINGS_INITIAL_WINDOW_SIZE, section 6.9.2. */
  get sendWindow(): number {
    return this.sending
  }

  /** How many octets the peer may send; negative before it knows of a smaller window, section 6.9.3. */
  get receiveWindow(): number {
    return this.receiving
  }

  /**
   * DATA is sent.
   *
   * @param count octets, at most {@link sendWindow}; none need no window
   */
  countSent(count: number): void {
    this.sending -= count
  }

  /**
   * Changes the window for sending: by WINDOW_UPDATE, or by the difference that SETTINGS_INITIAL_WINDOW_SIZE makes.
   *
   * @returns false if it would be larger than 2^31 - 1 octets (section 6.9.1): then it stays as it is
   */
  changeSendWindow(difference: number): boolean {
    if (difference > MAX_WINDOW_SIZE - this.sending) return false
    this.sending += difference
    return true
  }

  /**
   * DATA has come.
   *
   * @param count octets, with padding (section 6.1); none need no window
   * @returns false if the peer wasn't allowed to send them
   */
  countReceived(count: number): boolean {
    if (count > this.receiving && count > 0) return false
    this.receiving -= count
    return true
  }

  /** The peer has acknowledged a SETTINGS_INITIAL_WINDOW_SIZE of ours that differs by so much. */
  changeReceiveWindow(difference: number): void {
    this.receiving += difference
  }

  /** Octets that were received are used up: as many may come again, when {@link announce} says so. */
  consume(count: number): void {
    this.unannounced += count
  }

  /**
   * Opens the window for receiving again by what was consumed, if that is enough to be worth a WINDOW_UPDATE.
   *
   * @param windowSize the window when it is open, in octets. Half of it is enough: early enough that the peer
   *   need not stop, seldom enough that it costs little
   * @returns the increment; 0 if there is nothing to announce yet
   */
  announce(windowSize: number): number {
    const increment = this.unannounced
    if (increment < windowSize / 2) return 0
    this.receiving += increment
    this.unannounced = 0
    return increment
  }
}
