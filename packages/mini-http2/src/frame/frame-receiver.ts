import { concatenate, copyOctets, type OctetVector } from '@h2lab/octets'
import { CLIENT_PREFACE, CLIENT_PREFACE_LENGTH } from './client-preface'
import {
  DEFAULT_MAX_FRAME_SIZE,
  FRAME_HEADER_LENGTH,
  getFrameSize,
  getFrameType,
} from './frame-header'
import { IncompleteFrame } from './incomplete-frame'

/** An allowance without a bound. */
export const ANY = 2 ** 30

/**
 * Receives the frames that a {@link FrameReceiver} finds. Uses methods instead of getters: an
 * object literal with getters has a hidden class of its own, which slows down every access in a
 * server with many connections.
 */
export interface FrameTarget {
  /** Whether nothing more is processed. The rest of the input is dropped. */
  receivesNoMore(): boolean
  /**
   * Whether a frame must wait until {@link FrameReceiver.resume}.
   *
   * @param offset offset of the complete frame header; the payload may be incomplete
   */
  mustWait(octets: OctetVector, offset: number): boolean
  /**
   * Returns how many frames may be processed before it is asked again. 0: all input must wait until {@link
   * FrameReceiver.resume}.
   */
  allowance(): number
  /** Fewer frames came than the last {@link allowance} allowed: by this number. */
  returnAllowance(unused: number): void
  /**
   * Processes a complete frame.
   *
   * @param offset offset of the frame header
   * @param owned whether the octets may be kept without a copy
   */
  processFrame(octets: OctetVector, offset: number, owned: boolean): void
  /** The payload of a frame is larger than 16,384 octets. */
  refuseFrame(size: number): void
  /** The client preface has arrived. */
  onPreface?(): void
  /** The input is not the client preface. */
  refusePreface?(octets: OctetVector): void
}

/**
 * Finds frames in octets that are split in any way. The client preface comes first if a client
 * sends them. Frames are processed in place; only a frame that arrives in pieces is copied.
 */
export class FrameReceiver {
  readonly #target: FrameTarget
  readonly #incomplete = new IncompleteFrame()
  /** How many octets of the client preface have arrived and matched. */
  #prefaceReceived: number
  /** Input that waits, if any. */
  #held: OctetVector | undefined
  /** Input that came while other input waited, in order. */
  #queue: OctetVector[] = []
  /** Input that was held, while it is being processed. */
  #resumed: OctetVector | undefined

  /** @param side where the input comes from. Input from a client begins with the preface */
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

  /**
   * The type of an incomplete frame; undefined if there is none, or its header is incomplete, too.
   */
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
      // The owner may get more than it wants: a socket that is paused still has what was read at once.
      this.#queue.push(copyOctets(octets))
      return
    }
    const offset = this.prefaceComplete ? 0 : this.#receivePreface(octets)
    if (offset < octets.length && !target.receivesNoMore()) this.#receiveFrames(octets, offset)
  }

  /** Processes held input as far as the target allows. */
  resume(): void {
    let taken = 0
    for (let held = this.#held; held !== undefined && !this.#mustWaitFor(held); ) {
      this.#held = undefined
      if (this.#target.receivesNoMore()) break
      this.#resumed = held
      this.#receiveFrames(held, 0)
      this.#resumed = undefined
      // It has to wait again.
      if (this.#held !== undefined) break
      this.#held = this.#queue[taken++]
      held = this.#held
    }
    if (taken > 0) this.#queue.splice(0, taken)
  }

  /** Input that was held already is not copied again, however often it has to wait. */
  #hold(octets: OctetVector, offset: number): void {
    this.#held = octets === this.#resumed ? octets.subarray(offset) : copyOctets(octets, offset)
  }

  /** Held input begins with a frame header, or continues the incomplete frame. */
  #mustWaitFor(held: OctetVector): boolean {
    const begun = this.#incomplete
    return this.#target.mustWait(begun.headerComplete ? begun.octets : held, 0)
  }

  /** Discards all input. */
  clear(): void {
    this.#held = undefined
    this.#queue = []
    this.#incomplete.clear()
  }

  /** Compares the input with the preface. Returns the offset after it. */
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

  /** Completes an incomplete frame first, then processes complete frames in place. */
  #receiveFrames(octets: OctetVector, start: number): void {
    const target = this.#target
    const incomplete = this.#incomplete
    let offset = start
    while (incomplete.length > 0 && offset < octets.length) {
      if (incomplete.headerComplete && target.mustWait(incomplete.octets, 0)) {
        this.#hold(octets, offset)
        return
      }
      const allowance = target.allowance()
      if (allowance === 0) {
        this.#hold(octets, offset)
        return
      }
      target.returnAllowance(allowance - 1)
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
   * Hot path: one iteration for each small request, several in a batch. Benchmark: `npm run bench`
   * (mini-http2: connection).
   */
  #receiveWholeFrames(octets: OctetVector, start: number): void {
    const target = this.#target
    const end = octets.length
    let offset = start
    // A local counter, which costs less than a call for each frame.
    let allowance = 0
    while (end - offset >= FRAME_HEADER_LENGTH) {
      if (allowance === 0) allowance = target.allowance()
      if (allowance === 0 || target.mustWait(octets, offset)) {
        target.returnAllowance(allowance)
        this.#hold(octets, offset)
        return
      }
      allowance--
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
    target.returnAllowance(allowance)
    // Twice: up to the end of the frame header, then the available part of the payload.
    while (offset < end) offset = this.#incomplete.fill(octets, offset)
  }
}
