import type { OctetVector } from '@h2lab/octets'

/** Writes one octet for each character. Characters must be from U+0000 to U+00FF. */
export function writeLatin1(octets: OctetVector, offset: number, text: string): number {
  for (let index = 0; index < text.length; index++) octets[offset + index] = text.charCodeAt(index)
  return offset + text.length
}

/** Called by Node's `Buffer#toString('latin1', start, end)`. Accepts any Uint8Array. */
const latin1Slice: (this: OctetVector, start: number, end: number) => string = (
  Buffer.prototype as unknown as { latin1Slice(start: number, end: number): string }
).latin1Slice

/**
 * Returns a string with one character for each octet from `start` to `end` (exclusive).
 *
 * Hot path. Calling `latin1Slice` directly avoids wrapping the octets in a Buffer, which costs more
 * than the string. Benchmark: bench/hpack.bench.mjs, "decode a request, first of a connection".
 */
export function readLatin1(octets: OctetVector, start: number, end: number): string {
  return start === end ? '' : latin1Slice.call(octets, start, end)
}
