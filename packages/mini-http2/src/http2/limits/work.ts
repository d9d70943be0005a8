/** How much a connection does at once, in units of about 0.2 microseconds: some 0.1 ms. */
const WORK_AT_ONCE = 512

/** The same by the clock, in milliseconds: for handlers, whose cost only the clock knows. */
const TIME_AT_ONCE = 0.1

/**
 * The most units from one look at the clock to the next, a power of two: a look costs as much as a fifth of a short
 * request. `npm run bench` (connection).
 */
const MOST_UNLOOKED = 32

/** Where nothing is known yet. */
const FIRST_UNLOOKED = 4

// What pieces of work cost, in units. Measured by `npm run bench` (connection, hpack).
/** A header block that isn't a repeated one, besides its fields. */
const BLOCK_COST = 4
const FIELDS_PER_UNIT = 2
/** Octets of a block as received; what it refers to was paid for when it went into the table. */
const BLOCK_OCTETS_PER_UNIT = 64
/** Streams whose windows a SETTINGS frame changes. */
const STREAMS_PER_UNIT = 8
/** A DATA frame: its octets are kept, and wake who reads them. */
const DATA_COST = 6
const DATA_OCTETS_PER_UNIT = 4096
/** A handler that returns a promise: it goes on, and may fail, when the clock is no longer looked at. */
export const PROMISE_COST = 16

export function blockCost(octets: number, fields: number): number {
  return BLOCK_COST + Math.trunc(octets / BLOCK_OCTETS_PER_UNIT + fields / FIELDS_PER_UNIT)
}

export function dataCost(octets: number): number {
  return DATA_COST + Math.trunc(octets / DATA_OCTETS_PER_UNIT)
}

export function windowsCost(streams: number): number {
  return Math.ceil(streams / STREAMS_PER_UNIT)
}

/**
 * How much a connection has done since its owner last gave it a turn. Input costs what it makes us do, not its length:
 * an index of one octet stands for a field of any length. Handlers cost what the clock says. It is looked at after a
 * number of units that is small where they have proved expensive.
 */
export class Work {
  readonly #clock: () => number
  #left = WORK_AT_ONCE
  /** Units from one look at the clock to the next, less 1. */
  #mask = FIRST_UNLOOKED - 1
  /** When the clock was first looked at in this call of the owner, in milliseconds; Infinity before. */
  #firstLook = Number.POSITIVE_INFINITY
  /** What earlier calls have taken since the last turn, as far as the clock was looked at, in milliseconds. */
  #taken = 0.0
  /** Whether few units have taken long since the last turn. */
  #isExpensive = false

  /** @param clock in milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** Whether the connection is to stop until {@link begin}. */
  get isSpent(): boolean {
    return this.#left === 0
  }

  get isHalfSpent(): boolean {
    return this.#left < WORK_AT_ONCE / 2 || this.#taken > TIME_AT_ONCE / 2
  }

  /** It is the connection's turn. */
  begin(): void {
    if (!this.#isExpensive) this.#mask = Math.min(2 * this.#mask + 1, MOST_UNLOOKED - 1)
    this.#isExpensive = false
    this.#left = WORK_AT_ONCE
    this.#taken = 0
  }

  /** The call of the owner ends. */
  end(): void {
    if (this.#firstLook === Number.POSITIVE_INFINITY) return
    const now = this.#clock()
    this.#isLong(now)
    this.#taken += now - this.#firstLook
    this.#firstLook = Number.POSITIVE_INFINITY
  }

  /**
   * Takes work for a number of frames, until the next look at the clock.
   *
   * @returns 0 if nothing is left for this turn
   */
  take(): number {
    const left = this.#left
    const upToLook = left & this.#mask
    if (upToLook === 0 && this.#isOver(left)) return 0
    const count = upToLook === 0 ? this.#mask + 1 : upToLook
    this.#left = left - count
    return count
  }

  /** Same, for one frame or handler. Returns whether anything is left. */
  takeOne(): boolean {
    const count = this.take()
    if (count > 1) this.giveBack(count - 1)
    return count > 0
  }

  /** Work that was taken was not done. */
  giveBack(count: number): void {
    this.#left += count
  }

  /** @param units a whole number: V8 keeps any other in an object of its own */
  spend(units: number): void {
    const left = Math.max(0, this.#left - units)
    // A look at the clock that became due is not skipped.
    const due = (left + this.#mask) & ~this.#mask
    this.#left = due < this.#left ? due : left
  }

  #isOver(left: number): boolean {
    if (left === 0) return true
    const now = this.#clock()
    if (this.#firstLook !== Number.POSITIVE_INFINITY) return this.#isLong(now)
    this.#firstLook = now
    return false
  }

  /** Whether the time of a turn is over. */
  #isLong(now: number): boolean {
    let taken = now - this.#firstLook
    if (this.#taken + taken < TIME_AT_ONCE) return false
    this.#isExpensive ||= taken > TIME_AT_ONCE
    for (; this.#mask > 0 && taken > TIME_AT_ONCE; taken /= 2) this.#mask >>= 1
    this.#left = 0
    return true
  }
}
