import { fieldSize } from '../hpack'
import type { FieldList } from '../message/fields'

/** What `date` adds to a header list, in octets as RFC 9113 section 6.5.2 counts. Its text has one length always. */
export const DATE_SIZE = fieldSize(['date', new Date(0).toUTCString()])

/** Different for each second of each clock, so that what was made of one date isn't taken for another's. */
let lastVersion = 0

/**
 * The field `date`, which an origin server with a clock adds to its responses, RFC 9110 section 6.6.1. Made once a
 * second, for all connections of a server.
 *
 * It goes into the dynamic table of each connection, so it costs one octet on the wire from the second response of a
 * second on. As a literal it cost 25, which made a short response a tenth slower.
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

  /** The value, as of the last {@link update}. */
  get text(): string {
    return this.#text
  }

  /** A number that changes with the value. */
  get version(): number {
    return this.#version
  }

  /** Time may have passed: the next {@link update} reads the clock. */
  expire(): void {
    this.#isFresh = false
  }

  /**
   * Makes the field anew if the second has changed. Reading the clock costs as much as a tenth of a response,
   * so it is read once for all that is answered in one call of a connection.
   *
   * @param during whether such a call is under way, before which {@link expire} was called; else the clock is read
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

/** Tells whether an application has given its own `date`. */
export function hasDate(fields: FieldList): boolean {
  for (const field of fields) if (field[0] === 'date') return true
  return false
}
