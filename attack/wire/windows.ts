import {
  FrameFlag,
  FrameType,
  getFrameFlags,
  getFrameSize,
  getFrameType,
  getStreamId,
} from '@h2lab/mini-http2/frames'

/** The windows that a connection and its streams begin with, RFC 9113 section 6.9.2. */
const INITIAL = 65_535
const INITIAL_WINDOW_SIZE = 4
const HEADER = 9

/** How much a server lets its client send, by the frames that it sends. */
export class Windows {
  #rest: Buffer = Buffer.alloc(0)
  #initial = INITIAL
  #connection = INITIAL
  /** What streams got or used, beside what they began with. */
  readonly #streams = new Map<number, number>()
  #changed: () => void = () => {}

  /** Takes octets from the server, split in any way. */
  receive(octets: Buffer): void {
    let rest = this.#rest.length === 0 ? octets : Buffer.concat([this.#rest, octets])
    while (rest.length >= HEADER && rest.length >= HEADER + getFrameSize(rest)) {
      const end = HEADER + getFrameSize(rest)
      this.#frame(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
    this.#rest = rest
  }

  /** How many octets of DATA a stream may send now. */
  of(streamId: number): number {
    return Math.min(this.#connection, this.#initial + (this.#streams.get(streamId) ?? 0))
  }

  /** Takes off what was sent. */
  use(streamId: number, octets: number): void {
    this.#connection -= octets
    this.#add(streamId, -octets)
  }

  /** Resolves when a window opens. */
  change(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve
    })
  }

  #frame(frame: Buffer): void {
    const type = getFrameType(frame)
    if (type === FrameType.WINDOW_UPDATE) {
      const increment = frame.readUInt32BE(HEADER) & 0x7fffffff
      const streamId = getStreamId(frame)
      if (streamId === 0) this.#connection += increment
      else this.#add(streamId, increment)
      this.#changed()
    } else if (type === FrameType.SETTINGS && (getFrameFlags(frame) & FrameFlag.ACK) === 0) {
      for (let entry = HEADER; entry < frame.length; entry += 6) {
        if (frame.readUInt16BE(entry) === INITIAL_WINDOW_SIZE) {
          this.#initial = frame.readUInt32BE(entry + 2)
        }
      }
      this.#changed()
    }
  }

  #add(streamId: number, octets: number): void {
    this.#streams.set(streamId, (this.#streams.get(streamId) ?? 0) + octets)
  }
}
