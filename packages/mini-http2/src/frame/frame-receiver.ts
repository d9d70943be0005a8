import { concatenate, copyOctets, type OctetVector } from '@h2lab/octets'
import { CLIENT_PREFACE, CLIENT_PREFACE_LENGTH } from './client-preface'
import {
  DEFAULT_MAX_FRAME_SIZE,
  FRAME_HEADER_LENGTH,
  getFrameSize,
  getFrameType,
} from './frame-header'
import { IncompleteFrame } from './incomplete-frame'

/**
 * Who gets the frames that a {@link FrameReceiver} finds. Its questions are methods: an object with getters of
 * its own has a hidden class of its own, which makes every access of a server with many connections slow.
 */
export interface FrameTarget {
  /** Whether nothing more is processed: the rest of the input is dropped. */
  receivesNoMore(): boolean
  /**
   * Whether a frame has to wait until {@link FrameReceiver.resume}.
   *
   * @param offset where its header begins, which is whole; its payload may not be
   */
  mustWait(octets: OctetVector, offset: number): boolean
  /**
   * Takes a whole frame.
   *
   * @param offset where its header begins
   * @param owned whether the octets may be kept without a copy
   */
  processFrame(octets: OctetVector, offset: number, owned: boolean): void
  /** A frame's payload is larger than 16,384 octets. */
  refuseFrame(size: number): void
  /** The client preface is complete. */
  onPreface?(): void
  /** These octets are there instead of the client preface. */
  refusePreface?(octets: OctetVector): void
}

/**
 * Finds frames in octets that are split in any way: first the client preface, unless there is
 * none, then frames where they lie; only a frame that arrives in pieces is copied together.
 */
export class FrameReceiver {
  readonly #target: FrameTarget
  readonly #incomplete = new IncompleteFrame()
  /** How much of the client preface has arrived and matched, in octets. */
  #prefaceReceived: number
  /** Input that waits; undefined if none does. */
  #held: OctetVector | undefined

  /** @param side whose input it is: a client's begins with the preface */
  constructor(target: FrameTarget, side: 'from client' | 'from server') {
    this.#target = target
    this.#prefaceReceived = side === 'from client' ? 0 : CLIENT_PREFACE_LENGTH
  }

  get prefaceComplete(): boolean {
    return this.#prefaceReceived === CLIENT_PREFACE_LENGTH
  }

  /** Whether input waits for {@link resume}. */
  get isPaused(): boolean {
    return this.#held !== undefined
  }

  /** The type of the frame of which a part has arrived; undefined if none has, or less than its header. */
  get incompleteType(): number | undefined {
    return this.#incomplete.headerComplete ? getFrameType(this.#incomplete.octets) : undefined
  }

  /**
   * Takes input.
   *
   * @param octets borrowed for the call
   */
  receive(octets: OctetVector): void {
    const target = this.#target
    if (target.receivesNoMore()) return
    if (this.#held !== undefined) {
      // Only an owner that reads on while input is held comes here; nothing is lost.
      this.#held = concatenate(this.#held, octets)
      return
    }
    const offset = this.prefaceComplete ? 0 : this.#receivePreface(octets)
    if (offset < octets.length && !target.receivesNoMore()) this.#receiveFrames(octets, offset)
  }

  /** Processes what was held, as far as the target lets it. */
  resume(): void {
    const held = this.#held
    if (held === undefined || this.#mustWaitFor(held)) return
    this.#held = undefined
    if (!this.#target.receivesNoMore()) this.#receiveFrames(held, 0)
  }

  /** Held input begins with a frame header, or behind that of the incomplete frame. */
  #mustWaitFor(held: OctetVector): boolean {
    const begun = this.#incomplete
    return this.#target.mustWait(begun.headerComplete ? begun.octets : held, 0)
  }

  /** Forgets everything. */
  clear(): void {
    this.#held = undefined
    this.#incomplete.clear()
  }

  /** Compares with the preface; returns the offset of what follows it. */
  #receivePreface(octets: OctetVector): number {
    let offset = 0
    while (this.#prefaceReceived < CLIENT_PREFACE_LENGTH && offset < octets.length) {
      if (octets[offset] !== CLIENT_PREFACE[this.#prefaceReceived]) {
        const matched = CLIENT_PREFACE.subarray(0, this.#prefaceReceived)
        this.#target.refusePreface?.(concatenate(matched, octets.subarray(offset)))
        return octets.length
      }
      offset++
      this.#prefaceReceived++
    }
    if (this.prefaceComplete) this.#target.onPreface?.()
    return offset
  }

  /** First what is missing of an incomplete frame, then whole frames where they lie. */
  #receiveFrames(octets: OctetVector, start: number): void {
    const target = this.#target
    const incomplete = this.#incomplete
    let offset = start
    while (incomplete.length > 0 && offset < octets.length) {
      if (incomplete.headerComplete && target.mustWait(incomplete.octets, 0)) {
        this.#held = copyOctets(octets, offset)
        return
      }
      offset = incomplete.fill(octets, offset)
      if (!incomplete.headerComplete) return
      if (getFrameSize(incomplete.octets) > DEFAULT_MAX_FRAME_SIZE) {
        target.refuseFrame(getFrameSize(incomplete.octets))
        return
      }
      if (!incomplete.complete) continue
      const frame = incomplete.octets
      const owned = incomplete.release()
      target.processFrame(frame, 0, owned)
      if (target.receivesNoMore()) return
    }
    if (offset < octets.length) this.#receiveWholeFrames(octets, offset)
  }

  /**
   * Hot path: each small request is one pass of this loop, and several are in one batch.
   * `npm run bench` (mini-http2: connection) has its nanoseconds per request.
   */
  #receiveWholeFrames(octets: OctetVector, start: number): void {
    const target = this.#target
    const end = octets.length
    let offset = start
    while (end - offset >= FRAME_HEADER_LENGTH) {
      if (target.mustWait(octets, offset)) {
        this.#held = copyOctets(octets, offset)
        return
      }
      const size = getFrameSize(octets, offset)
      if (size > DEFAULT_MAX_FRAME_SIZE) {
        target.refuseFrame(size)
        return
      }
      const next = offset + FRAME_HEADER_LENGTH + size
      if (next > end) break
      target.processFrame(octets, offset, false)
      if (target.receivesNoMore()) return
      offset = next
    }
    // Twice: up to the end of the frame header, then what there is of the payload.
    while (offset < end) offset = this.#incomplete.fill(octets, offset)
  }
}
