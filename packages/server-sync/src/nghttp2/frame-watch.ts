import type { ConnectionLimits } from '@h2lab/mini-http2'
import {
  CLIENT_PREFACE_LENGTH,
  FRAME_HEADER_LENGTH,
  FrameFlag,
  FrameType,
  getFrameFlags,
  getFrameSize,
  getFrameType,
} from '@h2lab/mini-http2/frames'
import {
  FRAMES_PER_RESPONSE,
  MOST_WINDOW_UPDATES,
  TokenBucket,
  windowUpdatesFor,
} from '@h2lab/mini-http2/protocol'
import type { OctetVector } from '@h2lab/octets'

/** nghttp2 ignores larger types, such as PRIORITY_UPDATE (RFC 9218). */
const LAST_KNOWN_TYPE = FrameType.CONTINUATION

/**
 * Reads the frame headers of a client's input, for limits that nghttp2 has no option or callback for: frames without
 * effect, and the time of a header block.
 */
export class FrameWatch {
  readonly #idleFrames: TokenBucket
  /** A frame header that has arrived in part. */
  readonly #header = new Uint8Array(FRAME_HEADER_LENGTH)
  #headerLength = 0
  /** The number of octets before the next frame header. */
  #toSkip: number = CLIENT_PREFACE_LENGTH
  #headerBlock: 'none' | 'last frame' | 'more frames' = 'none'
  #headerBlockSince = Number.POSITIVE_INFINITY
  #settingsAcknowledged = false
  /** Whether the number of frames without effect is within the limit. */
  #isModest = true
  /** How many WINDOW_UPDATE frames the DATA sent so far explains. */
  #explainedWindowUpdates = 0

  constructor(limits: Required<ConnectionLimits>, now: number) {
    this.#idleFrames = new TokenBucket(limits.idleFrameBurst, limits.idleFramesPerSecond, now)
  }

  /** When the incomplete header block began, in milliseconds. Infinity if there is none. */
  get headerBlockSince(): number {
    return this.#headerBlockSince
  }

  /** A DATA frame of this size was sent. */
  onDataSent(size: number): void {
    this.#explainedWindowUpdates = Math.min(
      this.#explainedWindowUpdates + windowUpdatesFor(size),
      MOST_WINDOW_UPDATES,
    )
  }

  /** A request was answered. Clients send some frames without effect with each request. */
  onResponse(): void {
    this.#idleFrames.refill(FRAMES_PER_RESPONSE)
  }

  /** An RST_STREAM was received for a closed stream. */
  onLateReset(now: number): void {
    this.#countIdleFrame(now)
  }

  /**
   * Processes input, split in any way.
   *
   * @param now in milliseconds
   * @returns whether the number of frames without effect is within the limit
   */
  receive(octets: OctetVector, now: number): boolean {
    let offset = 0
    for (;;) {
      const skipped = Math.min(this.#toSkip, octets.length - offset)
      offset += skipped
      this.#toSkip -= skipped
      if (this.#toSkip > 0) break
      if (this.#headerBlock === 'last frame') this.#headerBlock = 'none'
      const rest = octets.length - offset
      if (rest === 0) break
      let frame = offset
      let header = octets
      if (this.#headerLength > 0 || rest < FRAME_HEADER_LENGTH) {
        const count = Math.min(rest, FRAME_HEADER_LENGTH - this.#headerLength)
        this.#header.set(octets.subarray(offset, offset + count), this.#headerLength)
        this.#headerLength += count
        offset += count
        if (this.#headerLength < FRAME_HEADER_LENGTH) break
        this.#headerLength = 0
        header = this.#header
        frame = 0
      } else {
        offset += FRAME_HEADER_LENGTH
      }
      this.#toSkip = getFrameSize(header, frame)
      if (this.#isIdle(header, frame)) this.#countIdleFrame(now)
    }
    this.#headerBlockSince =
      this.#headerBlock === 'none'
        ? Number.POSITIVE_INFINITY
        : Math.min(this.#headerBlockSince, now)
    return this.#isModest
  }

  #countIdleFrame(now: number): void {
    if (!this.#idleFrames.take(now)) this.#isModest = false
  }

  /** Whether a frame has no effect, judging by its header. Also records what else the header says. */
  #isIdle(octets: OctetVector, offset: number): boolean {
    const type = getFrameType(octets, offset)
    const flags = getFrameFlags(octets, offset)
    switch (type) {
      case FrameType.HEADERS:
      case FrameType.CONTINUATION:
        this.#headerBlock = (flags & FrameFlag.END_HEADERS) === 0 ? 'more frames' : 'last frame'
        return false
      case FrameType.DATA:
        return getFrameSize(octets, offset) === 0 && (flags & FrameFlag.END_STREAM) === 0
      case FrameType.WINDOW_UPDATE:
        if (this.#explainedWindowUpdates === 0) return true
        this.#explainedWindowUpdates--
        return false
      case FrameType.SETTINGS:
        if ((flags & FrameFlag.ACK) === 0) return false
        if (this.#settingsAcknowledged) return true
        this.#settingsAcknowledged = true
        return false
      case FrameType.PING:
        return (flags & FrameFlag.ACK) !== 0
      default:
        return type === FrameType.PRIORITY || type > LAST_KNOWN_TYPE
    }
  }
}
