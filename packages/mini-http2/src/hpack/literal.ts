import type { OctetVector, OutputBuffer } from '@h2lab/octets'
import { huffmanLength, writeHuffman } from './huffman-encode'
import { MAX_INTEGER_OCTETS, writeInteger } from './integer'
import { writeLatin1 } from './latin1'

/**
 * The representation of a literal, RFC 7541 section 6.2: the bits of the first octet above the
 * prefix, which has the index of the name.
 */
export interface LiteralRepresentation {
  readonly pattern: number
  readonly prefix: number
}

/** Section 6.2.1: the decoder puts the field into its dynamic table. */
export const WITH_INCREMENTAL_INDEXING: LiteralRepresentation = { pattern: 0x40, prefix: 6 }

/** Section 6.2.2: the decoder doesn't. */
export const WITHOUT_INDEXING: LiteralRepresentation = { pattern: 0x00, prefix: 4 }

/** Section 6.2.3: the decoder doesn't, and must not index the field when it forwards it. */
export const NEVER_INDEXED: LiteralRepresentation = { pattern: 0x10, prefix: 4 }

/**
 * Writes a literal.
 *
 * @param nameIndex the index of a field with the name; 0 if there is none
 * @throws MisuseError `INVALID_FIELD` if a character is above U+00FF. Nothing is written then
 */
export function writeLiteral(
  output: OutputBuffer,
  representation: LiteralRepresentation,
  nameIndex: number,
  name: string,
  value: string,
): void {
  const nameLength = nameIndex === 0 ? huffmanLength(name) : 0
  const valueLength = huffmanLength(value)
  const room = 3 * MAX_INTEGER_OCTETS + name.length + value.length
  const offset = output.reserve(room)
  const { octets } = output
  const { pattern, prefix } = representation
  let end = writeInteger(octets, offset, prefix, pattern, nameIndex)
  if (nameIndex === 0) end = writeString(octets, end, name, nameLength)
  end = writeString(octets, end, value, valueLength)
  output.unreserve(offset + room - end)
}

/** Section 5.2: Huffman-coded if that is shorter. */
function writeString(
  octets: OctetVector,
  offset: number,
  text: string,
  huffmanCodedLength: number,
): number {
  if (huffmanCodedLength < text.length) {
    const start = writeInteger(octets, offset, 7, 0x80, huffmanCodedLength)
    return writeHuffman(octets, start, text)
  }
  return writeLatin1(octets, writeInteger(octets, offset, 7, 0, text.length), text)
}
