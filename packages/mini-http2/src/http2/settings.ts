import type { FrameFault } from '../frame/frame-fault'
import { DEFAULT_MAX_FRAME_SIZE } from '../frame/frame-header'
import { SettingsParameter } from '../frame/settings-parameter'
import { settingsValueFault } from '../frame/settings-values'
import { INITIAL_WINDOW_SIZE } from './flow-control'

/** The client's SETTINGS as far as a server that pushes nothing has to remember them. */
export class PeerSettings {
  #initialWindowSize = INITIAL_WINDOW_SIZE
  #maxFrameSize = DEFAULT_MAX_FRAME_SIZE
  #maxHeaderListSize = Number.POSITIVE_INFINITY

  get initialWindowSize(): number {
    return this.#initialWindowSize
  }

  get maxFrameSize(): number {
    return this.#maxFrameSize
  }

  /** In octets as RFC 9113 section 6.5.2 counts them. */
  get maxHeaderListSize(): number {
    return this.#maxHeaderListSize
  }

  /** Takes a parameter over. @returns what is wrong with its value */
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
      // ENABLE_PUSH and MAX_CONCURRENT_STREAMS are about pushes, and nothing is pushed. Others are
      // unknown, and so ignored.
    }
    return undefined
  }
}

/** Our SETTINGS as far as the client may not know of them yet. */
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
   * How many octets of DATA the client may send on a new stream: until it has acknowledged our
   * SETTINGS it may not know of a smaller window, RFC 9113 section 6.9.3.
   */
  get initialWindowSize(): number {
    return this.#initialWindowSize
  }

  /**
   * The client has acknowledged them, for the first time.
   *
   * @returns by how much that changes the windows of streams that are open
   */
  acknowledge(): number {
    const difference = this.#streamWindowSize - this.#initialWindowSize
    this.#acknowledged = true
    this.#initialWindowSize = this.#streamWindowSize
    return difference
  }
}
