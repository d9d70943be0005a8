import type { OctetVector } from '@h2lab/octets'
import fc from 'fast-check'

/** The lengths of the pieces in which input arrives, repeated cyclically. */
export const pieceLengths: fc.Arbitrary<readonly number[]> = fc.array(
  fc.integer({ min: 1, max: 200 }),
  { minLength: 1 },
)

/** Cuts input into pieces of these lengths, repeating them as necessary. */
export function inPieces(input: OctetVector, lengths: readonly number[]): OctetVector[] {
  const pieces: OctetVector[] = []
  let start = 0
  for (let index = 0; start < input.length; index++) {
    const end = start + (lengths[index % lengths.length] as number)
    pieces.push(input.subarray(start, end))
    start = end
  }
  return pieces
}
