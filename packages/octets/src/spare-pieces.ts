import { allocateOctets } from './allocate'
import type { OctetVector } from './octet-vector'

/*
 * Large pieces of memory shared by all output buffers. A run of a large body is written, sent and
 * discarded within a millisecond. With a new allocation for each, the system would zero-fill the
 * pages every time. Benchmark: `npm run bench` (http2-bodies).
 */

/**
 * The length of the runs of large bodies in octets, and so the size of the pieces. Each run costs a
 * system call and a turn of the event loop, so a few long runs are cheaper. But data should be
 * encoded late, when the client's priorities are known. Writers of runs and callers of giveBack
 * must use the same size. To try another one: `npm run bench` (http2-bodies).
 */
export const LARGE_RUN_SIZE = 262_144

/** How many are kept: 4 MiB, for that many connections sending at the same time. */
const MOST_SPARE_PIECES = 16

const spare: OctetVector[] = []

/** Returns a piece of {@link LARGE_RUN_SIZE} octets of undefined content. */
export function takePiece(): OctetVector {
  return spare.pop() ?? allocateOctets(LARGE_RUN_SIZE)
}

/** Returns a piece that is no longer used. */
export function returnPiece(piece: OctetVector): void {
  if (spare.length < MOST_SPARE_PIECES) spare.push(piece)
}
