import { allocateOctets } from './allocate'
import type { OctetVector } from './octet-vector'
import { LARGE_RUN_SIZE, returnPiece, takePiece } from './spare-pieces'

/**
 * The smallest room a buffer allocates, in octets: a SETTINGS exchange and some small
 * responses. An idle connection keeps at most this much.
 */
const SMALLEST_ROOM = 256

/**
 * The largest room kept for reuse after a take, in octets. More than this is one burst;
 * keeping it for a connection that may fall idle would be a leak by another name.
 */
const LARGEST_KEPT_ROOM = 65_536

/**
 * The growable buffer that protocols write their output into.
 *
 * Octets are appended, and taken all at once as one contiguous run. What was taken is
 * never written again unless it is given back, so a socket may hold it as long as it likes without a
 * copy: the room behind it serves the next octets, and a new piece is allocated when that is used
 * up. The size of a piece follows the recent runs, up and down.
 *
 * Direct access for hot paths: {@link reserve} room, write into {@link octets} from the
 * offset it returned, and be done; nothing is copied or checked in between.
 */
export class OutputBuffer {
  /** The current piece. Changes when the buffer grows: read it again after {@link reserve}. */
  octets: OctetVector = EMPTY
  /** Where the run that {@link take} would return begins in {@link octets}. */
  #start = 0
  /** Where the next octet goes. */
  #end = 0
  /** The length of recent runs, decaying by half with each smaller one. */
  #usualRun = 0
  /**
   * The run taken last, and the piece it lies in, as long as that is the current one. If it is given back, the
   * next run is often as long: it needs no view of its own then.
   */
  #lastRun: OctetVector = EMPTY
  #lastPiece: OctetVector = EMPTY

  /** How many octets wait to be taken. */
  get length(): number {
    return this.#end - this.#start
  }

  /**
   * Adds `count` octets of undefined content at the end, for the caller to write.
   *
   * @returns the offset in {@link octets} (read after this call) of the first of them
   */
  reserve(count: number): number {
    const offset = this.#end
    if (offset + count > this.octets.length) return this.#grow(count)
    this.#end = offset + count
    return offset
  }

  /**
   * Makes room for `count` more octets at once, for a caller who will reserve them piece by piece:
   * the buffer then doesn't grow, and copy, in between.
   */
  prepare(count: number): void {
    if (this.#end + count > this.octets.length) this.#move(this.#pieceSize(this.length + count))
  }

  /** Adds a copy of `octets` at the end. */
  append(octets: OctetVector): void {
    const offset = this.reserve(octets.length)
    this.octets.set(octets, offset)
  }

  /**
   * Takes back the last `count` octets, for a caller who reserved more than it wrote.
   *
   * @throws RangeError if fewer are waiting
   */
  unreserve(count: number): void {
    if (!Number.isInteger(count) || count < 0 || count > this.length) {
      throw new RangeError(`Can't take back ${count} of ${this.length} octets.`)
    }
    this.#end -= count
  }

  /**
   * Takes everything that was written, as one run; the buffer is empty afterwards.
   *
   * @returns the octets, now the caller's; undefined if there are none
   */
  take(): OctetVector | undefined {
    const length = this.#end - this.#start
    if (length === 0) return undefined
    const run = this.#runOf(length)
    this.#start = this.#end
    this.#usualRun = Math.max(length, this.#usualRun >>> 1)
    const rest = this.octets.length - this.#end
    this.#lastRun = run
    this.#lastPiece = this.octets
    // Too small to be of use, or so large that it was a burst: not worth keeping.
    if (rest < this.#usualRun || rest > this.#pieceSize(0)) this.#release()
    return run
  }

  /**
   * Takes the memory of a run back, if nothing waits: the next octets are written into the same memory, which
   * the processor still has in its cache. For owners who have sent a run before they go on; it spares a
   * sixth of what a request costs in `none/mini` (`h2lab run`). The memory of a large run, of
   * {@link LARGE_RUN_SIZE} octets, goes to all buffers, whatever waits.
   *
   * @param run what {@link take} returned last; nobody may read it any more, nor those before. A large
   *   run may be an earlier one
   */
  giveBack(run: OctetVector): void {
    if (run === this.#lastRun && this.octets === this.#lastPiece) {
      if (this.length === 0) this.#reuse()
      return
    }
    if (run.buffer.byteLength === LARGE_RUN_SIZE) {
      // More than half of it: behind such a run nothing else was put into its piece.
      if (run.length > LARGE_RUN_SIZE / 2) returnPiece(new Uint8Array(run.buffer))
      return
    }
    if (this.length > 0 || run.buffer.byteLength > LARGEST_KEPT_ROOM) return
    if (run.buffer !== this.octets.buffer) this.octets = new Uint8Array(run.buffer)
    this.#reuse()
  }

  /** Forgets everything that was written. */
  clear(): void {
    this.#release()
  }

  #runOf(length: number): OctetVector {
    const last = this.#lastRun
    const isSame = this.#start === 0 && last.length === length && this.octets === this.#lastPiece
    return isSame && last.byteOffset === 0 ? last : this.octets.subarray(this.#start, this.#end)
  }

  /** Begins with the current piece again. */
  #reuse(): void {
    this.#start = 0
    this.#end = 0
  }

  #grow(count: number): number {
    const waiting = this.length
    this.#move(this.#pieceSize(waiting + count))
    this.#end = waiting + count
    return waiting
  }

  /** Moves what waits to a new piece. */
  #move(size: number): void {
    const waiting = this.length
    const piece = size === LARGE_RUN_SIZE ? takePiece() : allocateOctets(size)
    if (waiting > 0) piece.set(this.octets.subarray(this.#start, this.#end))
    this.octets = piece
    this.#start = 0
    this.#end = waiting
  }

  /**
   * A power of two, so that appending is amortised: double what must fit, or, if less,
   * room for eight usual runs, which spares small runs an allocation each.
   */
  #pieceSize(needed: number): number {
    const usual = Math.min(this.#usualRun * 8, LARGEST_KEPT_ROOM)
    let size = SMALLEST_ROOM
    while (size < needed || size < usual) size *= 2
    return size
  }

  #release(): void {
    this.octets = EMPTY
    this.#lastRun = EMPTY
    this.#lastPiece = EMPTY
    this.#start = 0
    this.#end = 0
  }
}

const EMPTY: OctetVector = new Uint8Array(0)
