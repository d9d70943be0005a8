import { allocateOctets } from './allocate'
import type { OctetVector } from './octet-vector'

/*
 * Large pieces of memory that all output buffers share. A run of a large body is written, sent and
 * forgotten within a millisecond; taking each from the system means that its pages are filled with zeros
 * again. `npm run bench` (http2-bodies) has what a download costs.
 */

/**
 * How long a run of large bodies is to be, in octets, and so the size of the pieces. Each run is a system call and a
 * turn of the event loop, so few long ones cost less; what is behind them is better encoded when the client's
 * priorities are known. Who fills runs up and who gives their memory back have to agree on it. `npm run bench`
 * (http2-bodies) has what a download costs: try another size there.
 */
export const LARGE_RUN_SIZE = 262_144

/** How many are kept: 4 MiB, for as many connections that send at the same moment. */
const MOST_SPARE_PIECES = 16

const spare: OctetVector[] = []

/** Returns a piece of {@link LARGE_RUN_SIZE} octets of undefined content. */
export function takePiece(): OctetVector {
  return spare.pop() ?? allocateOctets(LARGE_RUN_SIZE)
}

/** Takes a piece back that nobody reads or writes any more. */
export function returnPiece(piece: OctetVector): void {
  if (spare.length < MOST_SPARE_PIECES) spare.push(piece)
}
