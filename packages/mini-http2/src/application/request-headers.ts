import { cookieOf, joinCookies } from '../message/cookies'
import type { Field, FieldList } from '../message/fields'

/**
 * The header fields of a message in the order they were received. Names are lower-case; lookup is
 * case-insensitive. Immutable.
 */
export class RequestHeaders implements Iterable<Field> {
  readonly #fields: FieldList

  /** @param fields as received; cookie crumbs are joined on demand */
  constructor(fields: FieldList) {
    this.#fields = fields
  }

  /** Name and value of each field, in order. Cookie crumbs are joined into one field. */
  get raw(): FieldList {
    return joinCookies(this.#fields)
  }

  /**
   * Returns the value of a field.
   *
   * @param name case-insensitive
   * @returns the values joined by `, ` if there are several fields with this name (RFC 9110 section
   *   5.3), by `; ` for cookies; undefined if there is none
   */
  get(name: string): string | undefined {
    const wanted = name.toLowerCase()
    if (wanted === 'cookie') return cookieOf(this.#fields)
    let value: string | undefined
    for (const field of this.#fields) {
      if (field[0] === wanted) value = value === undefined ? field[1] : `${value}, ${field[1]}`
    }
    return value
  }

  /** Returns the values of all fields with this name, in order: one for cookies. */
  getAll(name: string): string[] {
    const wanted = name.toLowerCase()
    const fields = wanted === 'cookie' ? this.raw : this.#fields
    return fields.filter((field) => field[0] === wanted).map((field) => field[1])
  }

  /** Returns whether there is a field with this name. */
  has(name: string): boolean {
    const wanted = name.toLowerCase()
    return this.#fields.some((field) => field[0] === wanted)
  }

  [Symbol.iterator](): Iterator<Field> {
    return this.raw[Symbol.iterator]()
  }
}
