import { allocateOctets, type OctetVector } from '@h2lab/octets'
import { FRAME_HEADER_LENGTH, getFrameSize } from './frame-header'

/** Grown to the frame at hand and kept between frames up to this many octets. */
const KEPT_ROOM = 512

/**
 * Puts together a frame whose octets arrive in more than one piece.
 *
 * Each octet is copied once, however small the pieces are. The owner checks the frame's
 * size as soon as {@link headerComplete}, which bounds what is held.
 */
export class IncompleteFrame {
  /** The frame's first {@link length} octets. */
  octets: OctetVector = NO_ROOM
  /** How many octets are there; 0 if no frame is being put together. */
  length = 0

  /** Tells whether the frame header is there, so that the size can be read. */
  get headerComplete(): boolean {
    return this.length >= FRAME_HEADER_LENGTH
  }

  /** Tells whether the whole frame is there. */
  get complete(): boolean {
    return this.headerComplete && this.length === FRAME_HEADER_LENGTH + getFrameSize(this.octets)
  }

  /**
   * Copies octets to the frame: up to the end of its header first, up to its own end
   * when called again.
   *
   * @returns the offset behind the last octet that was used
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

  /** Makes ready for the next frame. */
  clear(): void {
    this.length = 0
    if (this.octets.length > KEPT_ROOM) this.octets = NO_ROOM
  }

  /**
   * Makes ready for the next frame, when the whole frame is there and `octets` was read.
   *
   * @returns whether that piece of memory is given away: a large one isn't used again
   */
  release(): boolean {
    const given = this.octets.length > KEPT_ROOM
    this.clear()
    return given
  }

  #grow(wanted: number): void {
    // Room for the usual small frame at once, so that its payload needs no second piece.
    const larger = allocateOctets(Math.max(wanted, 64))
    larger.set(this.octets.subarray(0, this.length))
    this.octets = larger
  }
}

const NO_ROOM: OctetVector = new Uint8Array(0)
