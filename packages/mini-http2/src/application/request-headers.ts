import type { Field, FieldList } from '../message/fields'

/**
 * The header fields of a message in the order they were received. Names are lower-case; lookup is
 * case-insensitive. Immutable.
 */
export class RequestHeaders implements Iterable<Field> {
  /** Name and value of each field, in order. Cookie crumbs are joined into one field. */
  readonly raw: FieldList

  constructor(fields: FieldList) {
    this.raw = fields
  }

  /**
   * Returns the value of a field.
   *
   * @param name case-insensitive
   * @returns the values joined by `, ` if there are several fields with this name (RFC 9110 section
   *   5.3); undefined if there is none
   */
  get(name: string): string | undefined {
    const wanted = name.toLowerCase()
    let value: string | undefined
    for (const field of this.raw) {
      if (field[0] === wanted) value = value === undefined ? field[1] : `${value}, ${field[1]}`
    }
    return value
  }

  /** Returns the values of all fields with this name, in order. */
  getAll(name: string): string[] {
    const wanted = name.toLowerCase()
    return this.raw.filter((field) => field[0] === wanted).map((field) => field[1])
  }

  /** Returns whether there is a field with this name. */
  has(name: string): boolean {
    const wanted = name.toLowerCase()
    return this.raw.some((field) => field[0] === wanted)
  }

  [Symbol.iterator](): Iterator<Field> {
    return this.raw[Symbol.iterator]()
  }
}
