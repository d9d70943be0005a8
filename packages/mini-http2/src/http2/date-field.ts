import { fieldSize } from '../hpack'
import type { FieldList } from '../message/fields'

/**
 * The size of `date` in a header list, in octets as counted by RFC 9113 section 6.5.2. The text
 * always has the same length.
 */
export const DATE_SIZE = fieldSize(['date', new Date(0).toUTCString()])

/**
 * Unique for each second of each clock, so that data cached for one date is not used for another.
 */
let lastVersion = 0

/**
 * The field `date`, which an origin server with a clock adds to its responses, RFC 9110 section
 * 6.6.1. It is updated once per second, for all connections of a server.
 *
 * It is stored in the dynamic table of each connection, so from the second response within a second
 * it takes one octet on the wire. As a literal it took 25 octets, which made short responses a
 * tenth slower.
 */
export class DateField {
  readonly #clock: () => number
  #isFresh = false
  #second = Number.NaN
  #version = 0
  #text = ''

  /** @param clock milliseconds since 1970, in UTC */
  constructor(clock: () => number = Date.now) {
    this.#clock = clock
  }

  /** The value as of the last {@link update}. */
  get text(): string {
    return this.#text
  }

  /** A number that changes with the value. */
  get version(): number {
    return this.#version
  }

  /** Makes the next {@link update} read the clock. */
  expire(): void {
    this.#isFresh = false
  }

  /**
   * Updates the field if the second has changed. Reading the clock costs as much as a tenth of a
   * response, so it is read once for all responses of one call to a connection.
   *
   * @param during whether such a call is in progress and has called {@link expire}. If not, the
   *   clock is read
   * @returns a number that changes with the field
   */
  update(during: boolean): number {
    if (during && this.#isFresh) return this.#version
    this.#isFresh = during
    const second = Math.floor(this.#clock() / 1000)
    if (second !== this.#second) this.#make(second)
    return this.#version
  }

  #make(second: number): void {
    this.#second = second
    this.#text = new Date(second * 1000).toUTCString()
    lastVersion++
    this.#version = lastVersion
  }
}

/** Returns whether the application has set its own `date`. */
export function hasDate(fields: FieldList): boolean {
  for (const field of fields) if (field[0] === 'date') return true
  return false
}
