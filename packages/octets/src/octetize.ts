import type { OctetVector } from './octet-vector'

/** How text is encoded; see {@link octetize}. */
export type TextEncoding = 'utf8' | 'latin1' | 'hex'

/**
 * Creates an octet vector from numbers.
 *
 * @param values integers from 0 to 255, in order
 * @returns a new vector with one octet for each value
 * @throws RangeError with the index and the value of the first one that isn't an octet
 */
export function octetize(values: ArrayLike<number>): OctetVector
/**
 * Creates an octet vector from text.
 *
 * @param text the text to encode
 * @param encoding `utf8` (default): one to four octets for each character; `latin1`: one octet for
 *   each UTF-16 code unit, which must be below 256; `hex`: two digits for each octet, with optional
 *   white space between octets
 * @returns a new vector
 * @throws RangeError with the index and the value of the first character that `latin1` or `hex`
 *   can't encode
 */
export function octetize(text: string, encoding?: TextEncoding): OctetVector
export function octetize(
  source: ArrayLike<number> | string,
  encoding: TextEncoding = 'utf8',
): OctetVector {
  if (typeof source !== 'string') return fromNumbers(source)
  switch (encoding) {
    case 'utf8':
      return new TextEncoder().encode(source)
    case 'latin1':
      return fromLatin1(source)
    case 'hex':
      return fromHex(source)
  }
}

/**
 * Formats octets as hexadecimal digits, the inverse of `octetize(text, 'hex')`.
 *
 * @returns two lower-case digits for each octet
 */
export function toHex(octets: OctetVector): string {
  let hex = ''
  for (const octet of octets) hex += octet.toString(16).padStart(2, '0')
  return hex
}

function fromNumbers(values: ArrayLike<number>): OctetVector {
  const octets = new Uint8Array(values.length)
  for (let index = 0; index < values.length; index++) {
    const value = values[index]
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 255) {
      throw notAnOctet(index, String(value), 'an octet is an integer from 0 to 255')
    }
    octets[index] = value
  }
  return octets
}

function fromLatin1(text: string): OctetVector {
  const octets = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit > 255) {
      throw notAnOctet(index, JSON.stringify(text[index]), 'Latin-1 ends at U+00FF')
    }
    octets[index] = unit
  }
  return octets
}

const HEX_PAIR = /^[0-9a-f]{2}$/i
const WHITE_SPACE = /\s/

function fromHex(text: string): OctetVector {
  const octets: number[] = []
  let index = 0
  while (index < text.length) {
    if (WHITE_SPACE.test(text.charAt(index))) {
      index++
      continue
    }
    const pair = text.slice(index, index + 2)
    if (!HEX_PAIR.test(pair)) {
      throw notAnOctet(index, JSON.stringify(pair), 'an octet is two hexadecimal digits')
    }
    octets.push(Number.parseInt(pair, 16))
    index += 2
  }
  return Uint8Array.from(octets)
}

function notAnOctet(index: number, value: string, rule: string): RangeError {
  return new RangeError(`The value ${value} at index ${index} is not an octet: ${rule}.`)
}
