import { encodeWithoutDynamicTable } from '@h2lab/mini-http2/hpack'
import type { Octets } from './frames'

/*
 * Header blocks as a hostile client makes them, RFC 7541 section 6.
 */

export type Fields = readonly (readonly [name: string, value: string])[]

/** The newest entry of the dynamic table. */
export const NEWEST = 62

export interface RequestParts {
  readonly method?: string
  readonly path?: string
  readonly authority?: string
  readonly scheme?: string
}

/** The fields of a request that need no dynamic table, and then others. */
export function requestBlock(parts: RequestParts = {}, fields: Fields = []): Octets {
  const { method = 'GET', path = '/', authority = 'localhost', scheme = 'https' } = parts
  return encodeWithoutDynamicTable([
    [':method', method],
    [':scheme', scheme],
    [':authority', authority],
    [':path', path],
    ...fields,
  ])
}

/** An integer with a prefix, section 5.1. */
export function integer(prefixBits: number, pattern: number, value: number): Octets {
  const most = 2 ** prefixBits - 1
  if (value < most) return Uint8Array.of(pattern | value)
  const octets = [pattern | most]
  let rest = value - most
  for (; rest >= 128; rest = Math.floor(rest / 128)) octets.push((rest % 128) | 0x80)
  octets.push(rest)
  return Uint8Array.from(octets)
}

/** A field of a table, section 6.1. */
export function indexed(index: number): Octets {
  return integer(7, 0x80, index)
}

/** A literal with a new name, without Huffman coding, section 6.2. */
export function literal(name: string, value: string, isIndexed = false): Octets {
  return joined([Uint8Array.of(isIndexed ? 0x40 : 0), plainText(name), plainText(value)])
}

/** An update of the table's size, section 6.3. */
export function tableSize(octets: number): Octets {
  return integer(5, 0x20, octets)
}

/** Text in Huffman code whose octets are given: no text at all, perhaps. Section 5.2. */
export function huffmanText(octets: Octets): Octets {
  return joined([integer(7, 0x80, octets.length), octets])
}

function plainText(text: string): Octets {
  return joined([integer(7, 0, text.length), new TextEncoder().encode(text)])
}

export function joined(parts: readonly Octets[]): Octets {
  return Buffer.concat(parts)
}

/** The same octets several times. */
export function repeated(part: Octets, times: number): Octets {
  return Buffer.concat(new Array<Octets>(times).fill(part))
}
