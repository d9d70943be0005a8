import { allocateOctets } from './allocate'
import type { OctetVector } from './octet-vector'
import { LARGE_RUN_SIZE, returnPiece, takePiece } from './spare-pieces'

/**
 * The smallest allocation of a buffer, in octets: enough for a SETTINGS exchange and some small
 * responses. An idle connection keeps at most this much.
 */
const SMALLEST_ROOM = 256

/**
 * The largest memory that is kept for reuse after a take, in octets. More than this is a burst, and
 * keeping it for a connection that may become idle would waste memory.
 */
const LARGEST_KEPT_ROOM = 65_536

/**
 * The growable buffer into which protocols write their output.
 *
 * Octets are appended, and taken all at once as one contiguous run. A run is never overwritten
 * unless it is given back, so a socket may keep it without a copy. The room after it is used for
 * the next octets, and a new piece is allocated when that is used up. The size of a piece adapts to
 * the recent runs.
 *
 * For hot paths: {@link reserve} room and write into {@link octets} from the returned offset.
 * Nothing is copied or checked.
 */
export class OutputBuffer {
  /** The current piece. It changes when the buffer grows: read it again after {@link reserve}. */
  octets: OctetVector = EMPTY
  /** Offset in {@link octets} of the run that {@link take} would return. */
  #start = 0
  /** Offset of the next octet. */
  #end = 0
  /** The length of recent runs. It decays by half with each smaller one. */
  #usualRun = 0
  /**
   * The last taken run, while its piece is the current one. If it is given back and the next run
   * has the same length, its view is reused.
   */
  #lastRun: OctetVector = EMPTY
  #lastPiece: OctetVector = EMPTY

  /** How many octets are waiting. */
  get length(): number {
    return this.#end - this.#start
  }

  /**
   * Appends `count` octets with undefined content, which the caller must write.
   *
   * @returns the offset of the first one in {@link octets}, which must be read after this call
   */
  reserve(count: number): number {
    const offset = this.#end
    if (offset + count > this.octets.length) return this.#grow(count)
    this.#end = offset + count
    return offset
  }

  /**
   * Makes room for `count` more octets, for callers that reserve them in several steps. The buffer
   * then isn't reallocated in between.
   */
  prepare(count: number): void {
    if (this.#end + count > this.octets.length) this.#move(this.#pieceSize(this.length + count))
  }

  /** Appends a copy of `octets`. */
  append(octets: OctetVector): void {
    const offset = this.reserve(octets.length)
    this.octets.set(octets, offset)
  }

  /**
   * Removes the last `count` octets, for callers that reserved more than they wrote.
   *
   * @throws RangeError if there are fewer
   */
  unreserve(count: number): void {
    if (!Number.isInteger(count) || count < 0 || count > this.length) {
      throw new RangeError(`Can't take back ${count} of ${this.length} octets.`)
    }
    this.#end -= count
  }

  /**
   * Takes everything that was written, as one run. The buffer is empty afterwards.
   *
   * @returns the octets, now owned by the caller; undefined if there are none
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
    // Not worth keeping: the rest is too small to be useful, or so large that it was a burst.
    if (rest < this.#usualRun || rest > this.#pieceSize(0)) this.#release()
    return run
  }

  /**
   * Reuses the memory of a run if no octets are waiting: the next octets are written into the same
   * memory, which is still in the CPU cache. For owners that have sent a run completely; it saves a
   * sixth of the cost of a request in `none/mini` (`h2lab run`). The memory of a large run, of
   * {@link LARGE_RUN_SIZE} octets, is returned to all buffers, even if octets are waiting.
   *
   * @param run the last run that {@link take} returned. Neither it nor earlier runs may be read any
   *   more. A large run may be an earlier one
   */
  giveBack(run: OctetVector): void {
    if (run === this.#lastRun && this.octets === this.#lastPiece) {
      if (this.length === 0) this.#reuse()
      return
    }
    if (run.buffer.byteLength === LARGE_RUN_SIZE) {
      // If a run takes more than half of its piece, nothing else is in that piece.
      if (run.length > LARGE_RUN_SIZE / 2) returnPiece(new Uint8Array(run.buffer))
      return
    }
    if (this.length > 0 || run.buffer.byteLength > LARGEST_KEPT_ROOM) return
    if (run.buffer !== this.octets.buffer) this.octets = new Uint8Array(run.buffer)
    this.#reuse()
  }

  /** Discards everything that was written. */
  clear(): void {
    this.#release()
  }

  #runOf(length: number): OctetVector {
    const last = this.#lastRun
    const isSame = this.#start === 0 && last.length === length && this.octets === this.#lastPiece
    return isSame && last.byteOffset === 0 ? last : this.octets.subarray(this.#start, this.#end)
  }

  /** Starts at the beginning of the current piece. */
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

  /** Moves the waiting octets to a new piece. */
  #move(size: number): void {
    const waiting = this.length
    const piece = size === LARGE_RUN_SIZE ? takePiece() : allocateOctets(size)
    if (waiting > 0) piece.set(this.octets.subarray(this.#start, this.#end))
    this.octets = piece
    this.#start = 0
    this.#end = waiting
  }

  /**
   * A power of two, so that appending is amortised: double the needed size or, if that is less,
   * room for eight usual runs, which saves allocations for small runs.
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
