import type { OctetVector } from '@h2lab/octets'
import { MisuseError } from '../errors'
import { HUFFMAN_CODE_LENGTHS, HUFFMAN_CODES } from './huffman-table.generated'

/** The longest code that fits after up to seven pending bits. */
const LONGEST_IN_ONE_STEP = 24

/**
 * Returns the length in octets that {@link writeHuffman} would write, RFC 7541 section 5.2.
 *
 * @throws MisuseError `INVALID_FIELD` if a character is above U+00FF
 */
export function huffmanLength(text: string): number {
  let bits = 0
  let all = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    all |= code
    bits += HUFFMAN_CODE_LENGTHS[code]!
  }
  if (all > 0xff) checkOctets(text)
  return (bits + 7) >>> 3
}

/**
 * Checks that each character represents an octet.
 *
 * @throws MisuseError `INVALID_FIELD` if one is above U+00FF
 */
export function checkOctets(text: string): void {
  if (!BEYOND_OCTETS.test(text)) return
  throw new MisuseError(
    'INVALID_FIELD',
    `A field can't be encoded: ${JSON.stringify(text)} has a character above U+00FF, but each character must represent an octet.`,
  )
}

const BEYOND_OCTETS = /[^\0-\xff]/

/**
 * Writes text in the Huffman code, padded with ones to a whole octet.
 *
 * @param octets must have room for {@link huffmanLength} octets at `offset`
 * @param text characters from U+0000 to U+00FF
 * @returns the offset after the last octet written
 */
export function writeHuffman(octets: OctetVector, offset: number, text: string): number {
  let next = offset
  // The last `count` bits of `bits` are pending. Higher bits are already written.
  let bits = 0
  let count = 0
  for (let index = 0; index < text.length; index++) {
    const symbol = text.charCodeAt(index)
    const code = HUFFMAN_CODES[symbol]!
    let length = HUFFMAN_CODE_LENGTHS[symbol]!
    if (length > LONGEST_IN_ONE_STEP) {
      // Writes the first eight bits separately, so that 32 bits are always enough.
      length -= 8
      bits = (bits << 8) | (code >>> length)
      octets[next++] = bits >>> count
    }
    bits = (bits << length) | (code & ((1 << length) - 1))
    count += length
    while (count >= 8) {
      count -= 8
      octets[next++] = bits >>> count
    }
  }
  if (count > 0) octets[next++] = (bits << (8 - count)) | (0xff >>> count)
  return next
}
