import { copyOctets, type OctetVector, OutputBuffer } from '@h2lab/octets'
import { type Encoder, fieldSize } from '../../hpack'
import { areFieldPairs, type FieldList, type FieldsInit } from '../../message/fields'
import { DATE_SIZE, type DateField } from '../date-field'
import { listSizeLimit } from './header-list-limit'

/** What `content-length` adds to a header list at most, in octets as RFC 9113 section 6.5.2 counts. */
const CONTENT_LENGTH_SIZE = fieldSize(['content-length', String(Number.MAX_SAFE_INTEGER)])

/** Longer blocks are not worth their memory on every connection, in octets. */
const LONGEST_BLOCK = 256

/** A head that was sent. It has no `content-length` of its own, and its `date` is that of the moment. */
export class RepeatedHead {
  readonly #status: number
  /** The names and values as they were given, in turn. */
  readonly #given: readonly unknown[]
  /** The encoder's generation in which the block is right. */
  readonly #generation: number
  /** The encoded fields, `:status` and `date` too. */
  readonly block: OctetVector
  /** Of the `date` that was added; undefined if none was. */
  readonly dateVersion: number | undefined
  /** As RFC 9113 section 6.5.2 counts, in octets. */
  readonly #listSize: number

  private constructor(
    status: number,
    given: readonly unknown[],
    block: OctetVector,
    generation: number,
    fields: FieldList,
    dateVersion: number | undefined,
  ) {
    this.#status = status
    this.#given = given
    this.block = block
    this.#generation = generation
    this.dateVersion = dateVersion
    this.#listSize = fields.reduce((size, field) => size + fieldSize(field), DATE_SIZE)
  }

  /**
   * Encodes a head once more, to keep the block.
   *
   * @param headers as they were given
   * @param fields the same as a list, without a `content-length`
   * @param date what was added; undefined: nothing
   * @returns undefined if it is not worth while
   */
  static of(
    status: number,
    headers: FieldsInit,
    fields: FieldList,
    encoder: Encoder,
    date: DateField | undefined,
  ): RepeatedHead | undefined {
    const given = flatten(headers)
    if (given === undefined) return undefined
    const { generation } = encoder
    const output = new OutputBuffer()
    const list: FieldList = [[':status', String(status)], ...fields]
    encoder.encode(output, date === undefined ? list : [...list, ['date', date.text]])
    const block = copyOctets(output.take()!)
    if (block.length > LONGEST_BLOCK) return undefined
    return new RepeatedHead(status, given, block, generation, list, date?.version)
  }

  /**
   * Tells whether the same was given, and would be encoded in the same way.
   *
   * @param generation the encoder's
   * @param announced the client's SETTINGS_MAX_HEADER_LIST_SIZE; Infinity without one
   */
  matches(status: number, headers: FieldsInit, generation: number, announced: number): boolean {
    if (status !== this.#status || generation !== this.#generation) return false
    if (this.#listSize + CONTENT_LENGTH_SIZE > listSizeLimit(announced)) return false
    const given = this.#given
    let index = 0
    if (areFieldPairs(headers)) {
      // Others may yield their pairs only once.
      if (!Array.isArray(headers)) return false
      for (const pair of headers) {
        if (pair.length !== 2) return false
        if (pair[0] !== given[index] || pair[1] !== given[index + 1]) return false
        index += 2
      }
    } else {
      // What is inherited doesn't match, since it wasn't remembered.
      for (const name in headers) {
        if (name !== given[index] || headers[name] !== given[index + 1]) return false
        index += 2
      }
    }
    return index === given.length
  }
}

/** Names and values in turn; undefined if there is anything but names with one value. */
function flatten(headers: FieldsInit): unknown[] | undefined {
  const list: unknown = areFieldPairs(headers) ? headers : Object.entries(headers)
  if (!Array.isArray(list)) return undefined
  const pairs = list as readonly (readonly unknown[])[]
  if (pairs.some((pair) => pair.length !== 2 || typeof pair[1] === 'object')) return undefined
  return pairs.flat()
}
