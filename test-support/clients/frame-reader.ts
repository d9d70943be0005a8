/** A received frame, RFC 9113 section 4.1. */
export interface ReceivedFrame {
  readonly type: number
  readonly flags: number
  readonly streamId: number
  /** Only valid during the call. */
  readonly payload: Buffer
}

const HEADER_LENGTH = 9

/** Splits a stream of octets into frames. It shares no code with what is tested. */
export class FrameReader {
  readonly #onFrame: (frame: ReceivedFrame) => void
  #rest = Buffer.alloc(0)

  constructor(onFrame: (frame: ReceivedFrame) => void) {
    this.#onFrame = onFrame
  }

  /** Processes more octets and passes on the frames that are complete. */
  receive(octets: Buffer): void {
    const input = this.#rest.length === 0 ? octets : Buffer.concat([this.#rest, octets])
    let start = 0
    while (input.length - start >= HEADER_LENGTH) {
      const end = start + HEADER_LENGTH + input.readUIntBE(start, 3)
      if (end > input.length) break
      this.#onFrame({
        type: input[start + 3]!,
        flags: input[start + 4]!,
        streamId: input.readUInt32BE(start + 5) & 0x7fffffff,
        payload: input.subarray(start + HEADER_LENGTH, end),
      })
      start = end
    }
    this.#rest = Buffer.from(input.subarray(start))
  }
}
