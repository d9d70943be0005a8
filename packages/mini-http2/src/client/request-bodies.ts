import type { OctetVector, OutputBuffer } from '@h2lab/octets'
import { connectionFault, type FrameFault } from '../frame/frame-fault'
import { FrameFlag } from '../frame/frame-flag'
import {
  DEFAULT_MAX_FRAME_SIZE,
  FRAME_HEADER_LENGTH,
  writeFrameHeader,
} from '../frame/frame-header'
import { FrameType } from '../frame/frame-type'
import { INITIAL_WINDOW_SIZE, Windows } from '../http2/flow-control'

/** A body of which a part waits for a flow-control window or for room in the output. */
interface UnsentBody {
  readonly octets: OctetVector
  sent: number
  readonly windows: Windows
}

/** How much output bodies may fill at a time, in octets. */
const MOST_OUTPUT = 262_144

/** Sends request bodies as far as the server's flow-control windows allow: RFC 9113 section 6.9. */
export class RequestBodies {
  readonly #output: OutputBuffer
  /** In stream order. Streams get the connection's window in this order. */
  readonly #unsent = new Map<number, UnsentBody>()
  readonly #connection = new Windows(INITIAL_WINDOW_SIZE, 0)
  #initialWindow = INITIAL_WINDOW_SIZE

  constructor(output: OutputBuffer) {
    this.#output = output
  }

  /** Adds a body. {@link pump} sends it after its HEADERS. */
  add(streamId: number, octets: OctetVector): void {
    const windows = new Windows(this.#initialWindow, 0)
    this.#unsent.set(streamId, { octets, sent: 0, windows })
  }

  /**
   * Discards the unsent body of a stream that has ended.
   *
   * @returns whether there was one
   */
  drop(streamId: number): boolean {
    return this.#unsent.delete(streamId)
  }

  /** Applies SETTINGS_INITIAL_WINDOW_SIZE, which changes the windows of all streams. */
  setInitialWindow(octets: number): FrameFault | undefined {
    const difference = octets - this.#initialWindow
    this.#initialWindow = octets
    for (const { windows } of this.#unsent.values()) {
      if (!windows.changeSendWindow(difference)) return tooWide()
    }
    return undefined
  }

  /** Applies a WINDOW_UPDATE. Stream 0 is the connection. */
  openWindow(streamId: number, increment: number): FrameFault | undefined {
    const windows = streamId === 0 ? this.#connection : this.#unsent.get(streamId)?.windows
    return windows === undefined || windows.changeSendWindow(increment) ? undefined : tooWide()
  }

  /** Writes as much into the output as it has room for and the windows allow. */
  pump(): void {
    if (this.#unsent.size === 0) return
    for (const [streamId, body] of this.#unsent) {
      if (this.#connection.sendWindow <= 0 || this.#output.length >= MOST_OUTPUT) return
      if (this.#write(streamId, body)) this.#unsent.delete(streamId)
    }
  }

  /** Returns whether the whole body was sent. */
  #write(streamId: number, body: UnsentBody): boolean {
    const { octets, windows } = body
    while (this.#output.length < MOST_OUTPUT) {
      const left = octets.length - body.sent
      const window = Math.min(windows.sendWindow, this.#connection.sendWindow)
      const size = Math.min(left, window, DEFAULT_MAX_FRAME_SIZE)
      if (size <= 0) return false
      const flags = size === left ? FrameFlag.END_STREAM : 0
      const offset = this.#output.reserve(FRAME_HEADER_LENGTH + size)
      writeFrameHeader(this.#output.octets, offset, size, FrameType.DATA, flags, streamId)
      const piece = octets.subarray(body.sent, body.sent + size)
      this.#output.octets.set(piece, offset + FRAME_HEADER_LENGTH)
      body.sent += size
      windows.countSent(size)
      this.#connection.countSent(size)
      if (size === left) return true
    }
    return false
  }
}

function tooWide(): FrameFault {
  return connectionFault(
    'FLOW_CONTROL_ERROR',
    'The server increased a window beyond 2^31 - 1 octets (RFC 9113 section 6.9.1).',
  )
}
