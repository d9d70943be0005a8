import { allocateOctets, type OctetVector } from '@h2lab/octets'
import { FRAME_HEADER_LENGTH, getFrameSize } from './frame-header'

/** Larger pieces of memory are not kept between frames, in octets. */
const KEPT_ROOM = 512

/**
 * Assembles a frame that arrives in several pieces.
 *
 * Each octet is copied once, however small the pieces are. The owner checks the size of the frame
 * as soon as {@link headerComplete}, which bounds the memory.
 */
export class IncompleteFrame {
  /** Contains the first {@link length} octets of the frame. */
  octets: OctetVector = NO_ROOM
  /** How many octets have arrived; 0 if there is no incomplete frame. */
  length = 0

  /** Whether the frame header is complete, so that the size can be read. */
  get headerComplete(): boolean {
    return this.length >= FRAME_HEADER_LENGTH
  }

  /** Whether the whole frame has arrived. */
  get complete(): boolean {
    return this.headerComplete && this.length === FRAME_HEADER_LENGTH + getFrameSize(this.octets)
  }

  /**
   * Copies octets to the frame: up to the end of its header first, up to its own end when called
   * again.
   *
   * @returns the offset after the last octet that was used
   */
  fill(input: OctetVector, offset: number): number {
    const wanted = this.headerComplete
      ? FRAME_HEADER_LENGTH + getFrameSize(this.octets)
      : FRAME_HEADER_LENGTH
    const count = Math.min(wanted - this.length, input.length - offset)
    if (wanted > this.octets.length) this.#grow(wanted)
    this.octets.set(input.subarray(offset, offset + count), this.length)
    this.length += count
    return offset + count
  }

  /** Prepares for the next frame. */
  clear(): void {
    this.length = 0
    if (this.octets.length > KEPT_ROOM) this.octets = NO_ROOM
  }

  /**
   * Prepares for the next frame, after `octets` was read.
   *
   * @returns whether the memory of the frame is handed over: large pieces are not reused
   */
  release(): boolean {
    const given = this.octets.length > KEPT_ROOM
    this.clear()
    return given
  }

  #grow(wanted: number): void {
    // Usually enough for a small frame, so that its payload needs no second allocation.
    const larger = allocateOctets(Math.max(wanted, 64))
    larger.set(this.octets.subarray(0, this.length))
    this.octets = larger
  }
}

const NO_ROOM: OctetVector = new Uint8Array(0)
