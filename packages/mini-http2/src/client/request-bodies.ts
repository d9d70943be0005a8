import type { OctetVector, OutputBuffer } from '@h2lab/octets'
import { FrameFlag } from '../frame/frame-flag'
import {
  DEFAULT_MAX_FRAME_SIZE,
  FRAME_HEADER_LENGTH,
  writeFrameHeader,
} from '../frame/frame-header'
import { FrameType } from '../frame/frame-type'

/** The windows before any SETTINGS and WINDOW_UPDATE, RFC 9113 section 6.9.2. */
const FIRST_WINDOW = 65_535

/** A body of which a part waits for the server to open a window. */
interface UnsentBody {
  readonly octets: OctetVector
  sent: number
  /** Octets that its stream may still send; below 0 after a smaller SETTINGS_INITIAL_WINDOW_SIZE. */
  window: number
}

/** Sends the bodies of a client's requests as far as the server's windows let it: RFC 9113 section 6.9. */
export class RequestBodies {
  readonly #output: OutputBuffer
  /** In the order of their streams, which is that in which they get the connection's window. */
  readonly #unsent = new Map<number, UnsentBody>()
  #connectionWindow = FIRST_WINDOW
  #initialWindow = FIRST_WINDOW

  constructor(output: OutputBuffer) {
    this.#output = output
  }

  /** Sends a body behind its HEADERS, or what has room of it. */
  send(streamId: number, octets: OctetVector): void {
    const body = { octets, sent: 0, window: this.#initialWindow }
    if (!this.#write(streamId, body)) this.#unsent.set(streamId, body)
  }

  /**
   * Forgets what is unsent of a stream that has ended.
   *
   * @returns whether there was something
   */
  drop(streamId: number): boolean {
    return this.#unsent.delete(streamId)
  }

  /** Takes over SETTINGS_INITIAL_WINDOW_SIZE, which changes the windows of all streams. */
  setInitialWindow(octets: number): void {
    for (const body of this.#unsent.values()) body.window += octets - this.#initialWindow
    this.#initialWindow = octets
    this.#writeAll()
  }

  /** Takes over a WINDOW_UPDATE; stream 0 is the connection. */
  openWindow(streamId: number, increment: number): void {
    if (streamId === 0) {
      this.#connectionWindow += increment
      this.#writeAll()
      return
    }
    const body = this.#unsent.get(streamId)
    if (body === undefined) return
    body.window += increment
    if (this.#write(streamId, body)) this.#unsent.delete(streamId)
  }

  #writeAll(): void {
    for (const [streamId, body] of this.#unsent) {
      if (this.#connectionWindow <= 0) return
      if (this.#write(streamId, body)) this.#unsent.delete(streamId)
    }
  }

  /** Returns whether all of it is sent. */
  #write(streamId: number, body: UnsentBody): boolean {
    const { octets } = body
    for (;;) {
      const left = octets.length - body.sent
      const size = Math.min(left, body.window, this.#connectionWindow, DEFAULT_MAX_FRAME_SIZE)
      if (size <= 0) return false
      const flags = size === left ? FrameFlag.END_STREAM : 0
      const offset = this.#output.reserve(FRAME_HEADER_LENGTH + size)
      writeFrameHeader(this.#output.octets, offset, size, FrameType.DATA, flags, streamId)
      const piece = octets.subarray(body.sent, body.sent + size)
      this.#output.octets.set(piece, offset + FRAME_HEADER_LENGTH)
      body.sent += size
      body.window -= size
      this.#connectionWindow -= size
      if (size === left) return true
    }
  }
}
