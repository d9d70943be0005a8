import type { Field } from '@h2lab/mini-http2'
import { type Address, addressOf } from '@h2lab/tls-context/native'
import { nghttp2 } from './library'

/** The initial length of the buffer, in octets. Most header blocks fit. */
const FIRST_LENGTH = 4096

/** The octets of the block being decoded. All sessions share it, because nghttp2 decodes one block at a time. */
let scratch = Buffer.allocUnsafeSlow(0)
let scratchAddress: Address = 0

/**
 * The fields of a header block. nghttp2 reuses its memory, so the octets are copied and converted to text at once at
 * the end. Fields are extracted on demand, because few handlers read all of them.
 */
export class FieldBlock {
  /** The lengths of name, value, name, value, ... in octets. */
  readonly #lengths: number[] = []
  #text = ''
  #length = 0
  #crumbs = 0
  /** The indices of sensitive fields' names in {@link #lengths}; most blocks have none. */
  #sensitive: Set<number> | undefined

  /** The number of fields, not counting additional cookie crumbs (RFC 9113 section 8.2.3). */
  get count(): number {
    return this.#lengths.length / 2 - this.#crumbs
  }

  /** Copies a field's octets. */
  add(
    name: Address,
    nameLength: number,
    value: Address,
    valueLength: number,
    sensitive: boolean,
  ): void {
    const end = this.#length + nameLength + valueLength
    if (end > scratch.length) grow(end)
    const { memcpy } = nghttp2()
    memcpy(scratchAddress + this.#length, name, nameLength)
    memcpy(scratchAddress + this.#length + nameLength, value, valueLength)
    if (isCookie(this.#length, nameLength)) this.#crumbs++
    if (sensitive) {
      this.#sensitive ??= new Set()
      this.#sensitive.add(this.#lengths.length)
    }
    this.#lengths.push(nameLength, valueLength)
    this.#length = end
  }

  /** Ends the block, so that another one may begin. */
  complete(): void {
    this.#text = scratch.toString('latin1', 0, this.#length)
  }

  /** The values of a field, in order. */
  values(name: string): string[] {
    const values: string[] = []
    let start = 0
    for (let index = 0; index < this.#lengths.length; index += 2) {
      const middle = start + this.#lengths[index]!
      const end = middle + this.#lengths[index + 1]!
      if (middle - start === name.length && this.#text.startsWith(name, start)) {
        values.push(this.#text.slice(middle, end))
      }
      start = end
    }
    return values
  }

  /**
   * The value of a pseudo-header field; undefined if there is none. They precede all others, RFC 9113 section 8.3.
   */
  pseudoHeader(name: string): string | undefined {
    const text = this.#text
    let start = 0
    for (let index = 0; text[start] === ':'; index += 2) {
      const middle = start + this.#lengths[index]!
      const end = middle + this.#lengths[index + 1]!
      if (middle - start === name.length && text.startsWith(name, start)) {
        return text.slice(middle, end)
      }
      start = end
    }
    return undefined
  }

  /** The fields, in order. */
  *[Symbol.iterator](): Generator<Field, void> {
    let start = 0
    for (let index = 0; index < this.#lengths.length; index += 2) {
      const middle = start + this.#lengths[index]!
      const end = middle + this.#lengths[index + 1]!
      const name = this.#text.slice(start, middle)
      const value = this.#text.slice(middle, end)
      yield this.#sensitive?.has(index) === true ? [name, value, true] : [name, value]
      start = end
    }
  }
}

const COOKIE = Buffer.from('cookie')

/** Whether the name at this offset of {@link scratch} is `cookie`. */
function isCookie(start: number, length: number): boolean {
  return length === COOKIE.length && scratch.compare(COOKIE, 0, length, start, start + length) === 0
}

function grow(length: number): void {
  const octets = Buffer.allocUnsafeSlow(Math.max(FIRST_LENGTH, length * 2))
  scratch.copy(octets)
  scratch = octets
  scratchAddress = addressOf(octets)
}
