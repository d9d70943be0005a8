import type { OctetVector } from '@h2lab/octets'

/** The lengths of pieces, repeated cyclically: as a whole, octet by octet, and as the input says. */
export function splits(seed: number): number[][] {
  return [[Number.POSITIVE_INFINITY], [1], [1 + (seed & 15), 1 + (seed >> 4) * 3, 9]]
}

/** What follows after so many pieces is passed on as a whole: it takes time, and finds nothing more. */
const MOST_PIECES = 400

/**
 * Passes octets on in pieces. The memory of each piece is overwritten after its call, as in a read buffer that is
 * used again.
 */
export function passInPieces(
  octets: OctetVector,
  lengths: readonly number[],
  pass: (piece: Buffer) => void,
): void {
  for (let start = 0, index = 0; start < octets.length; index++) {
    const length = index < MOST_PIECES ? (lengths[index % lengths.length] as number) : octets.length
    const piece = Buffer.from(octets.subarray(start, start + length))
    pass(piece)
    piece.fill(0xff)
    start += length
  }
}
