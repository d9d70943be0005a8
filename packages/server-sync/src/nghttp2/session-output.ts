import {
  FRAME_HEADER_LENGTH,
  FrameFlag,
  FrameType,
  getFrameFlags,
  getFrameSize,
} from '@h2lab/mini-http2/frames'
import { LARGE_RUN_SIZE, type OctetVector, OutputBuffer, readUint32 } from '@h2lab/octets'
import { type Address, addressOf, readAddress } from '@h2lab/tls-context/native'
import { nghttp2 } from './library'
import type { Nghttp2Session } from './session'

/** The offset of the stream identifier in a frame header, RFC 9113 section 4.1. */
const STREAM_ID_AT = 5

/** Where nghttp2 writes the address of its output. */
const outputPointer = Buffer.from(new ArrayBuffer(8))
let addressOfOutputPointer: Address | undefined

/** What {@link SessionOutput} reports of the frames that it takes from nghttp2. */
export interface OutputEvents {
  /** @param size the length of its payload */
  onDataSent(size: number): void
  /** A HEADERS or DATA frame was sent, after {@link onDataSent}. */
  onResponseFrameSent(streamId: number, endsStream: boolean): void
  onGoawaySent(errorCode: number, debugData: string): void
}

/** The output of a session, copied out of nghttp2's memory. */
export class SessionOutput {
  readonly #output = new OutputBuffer()

  /** How many octets are waiting to be taken. */
  get length(): number {
    return this.#output.length
  }

  /** Copies what nghttp2 has to send, up to about {@link LARGE_RUN_SIZE}. */
  fill(session: Nghttp2Session, events: OutputEvents): void {
    addressOfOutputPointer ??= addressOf(outputPointer)
    // The body of a response stays where it is until nghttp2 asks for it.
    while (this.#output.length < LARGE_RUN_SIZE) {
      const length = session.send(addressOfOutputPointer)
      if (length <= 0) break
      this.#copy(length, events)
    }
  }

  take(): OctetVector | undefined {
    return this.#output.take()
  }

  giveBack(run: OctetVector): void {
    this.#output.giveBack(run)
  }

  clear(): void {
    this.#output.clear()
  }

  /** Copies a run of nghttp2's output, which begins with a frame header. */
  #copy(length: number, events: OutputEvents): void {
    const offset = this.#output.reserve(length)
    const { octets } = this.#output
    const target = offset === 0 ? octets : octets.subarray(offset)
    nghttp2().memcpy(target, readAddress(outputPointer), length)
    switch (octets[offset + 3]) {
      case FrameType.DATA:
        events.onDataSent(getFrameSize(octets, offset))
        reportResponseFrame(octets, offset, events)
        break
      case FrameType.HEADERS:
        reportResponseFrame(octets, offset, events)
        break
      case FrameType.GOAWAY:
        reportGoaway(target, length, events)
    }
  }
}

function reportResponseFrame(octets: OctetVector, offset: number, events: OutputEvents): void {
  const endsStream = (getFrameFlags(octets, offset) & FrameFlag.END_STREAM) !== 0
  events.onResponseFrameSent(readUint32(octets, offset + STREAM_ID_AT), endsStream)
}

function reportGoaway(octets: OctetVector, length: number, events: OutputEvents): void {
  const errorCode = readUint32(octets, FRAME_HEADER_LENGTH + 4)
  const debugData = String.fromCharCode(...octets.subarray(FRAME_HEADER_LENGTH + 8, length))
  events.onGoawaySent(errorCode, debugData)
}
