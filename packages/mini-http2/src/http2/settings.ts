import type { FrameFault } from '../frame/frame-fault'
import { DEFAULT_MAX_FRAME_SIZE } from '../frame/frame-header'
import { SettingsParameter } from '../frame/settings-parameter'
import { settingsValueFault } from '../frame/settings-values'
import { INITIAL_WINDOW_SIZE } from './flow-control'

/** The client's SETTINGS, as far as a server without push needs them. */
export class PeerSettings {
  #initialWindowSize = INITIAL_WINDOW_SIZE
  #maxFrameSize = DEFAULT_MAX_FRAME_SIZE
  #maxHeaderListSize = Number.POSITIVE_INFINITY
  #isKnown = false

  /** Whether the client has sent SETTINGS. */
  get isKnown(): boolean {
    return this.#isKnown
  }

  /** A SETTINGS frame has been taken over. */
  markKnown(): void {
    this.#isKnown = true
  }

  get initialWindowSize(): number {
    return this.#initialWindowSize
  }

  get maxFrameSize(): number {
    return this.#maxFrameSize
  }

  /** In octets, as counted by RFC 9113 section 6.5.2. */
  get maxHeaderListSize(): number {
    return this.#maxHeaderListSize
  }

  /**
   * Applies a parameter.
   *
   * @returns the fault of its value, if any
   */
  set(identifier: number, value: number): FrameFault | undefined {
    const fault = settingsValueFault(identifier, value)
    if (fault !== undefined) return fault
    switch (identifier) {
      case SettingsParameter.INITIAL_WINDOW_SIZE:
        this.#initialWindowSize = value
        break
      case SettingsParameter.MAX_FRAME_SIZE:
        this.#maxFrameSize = value
        break
      case SettingsParameter.MAX_HEADER_LIST_SIZE:
        this.#maxHeaderListSize = value
        break
      // ENABLE_PUSH and MAX_CONCURRENT_STREAMS only affect pushes, which this server doesn't send.
      // Unknown parameters are ignored.
    }
    return undefined
  }
}

/** Our SETTINGS, as far as the client may not know them yet. */
export class OwnSettings {
  readonly #streamWindowSize: number
  #initialWindowSize: number
  #acknowledged = false

  /** @param streamWindowSize SETTINGS_INITIAL_WINDOW_SIZE, in octets */
  constructor(streamWindowSize: number) {
    this.#streamWindowSize = streamWindowSize
    this.#initialWindowSize = Math.max(streamWindowSize, INITIAL_WINDOW_SIZE)
  }

  get acknowledged(): boolean {
    return this.#acknowledged
  }

  /**
   * How many octets of DATA the client may send on a new stream. Until it has acknowledged our
   * SETTINGS, it may not know about a smaller window, RFC 9113 section 6.9.3.
   */
  get initialWindowSize(): number {
    return this.#initialWindowSize
  }

  /**
   * The client has acknowledged them for the first time.
   *
   * @returns the change of the windows of all open streams
   */
  acknowledge(): number {
    const difference = this.#streamWindowSize - this.#initialWindowSize
    this.#acknowledged = true
    this.#initialWindowSize = this.#streamWindowSize
    return difference
  }
}
