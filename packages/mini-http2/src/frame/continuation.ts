import type { OctetVector } from '@h2lab/octets'
import { type FrameFault, needsStream } from './frame-fault'
import { getStreamId } from './frame-header'

/*
 * CONTINUATION, RFC 9113 section 6.10: a further fragment of a field block. Flag: END_HEADERS.
 */

/** Checks the format of a CONTINUATION frame. */
export function checkContinuationFrame(
  octets: OctetVector,
  offset: number,
): FrameFault | undefined {
  return getStreamId(octets, offset) === 0 ? needsStream('CONTINUATION', '6.10') : undefined
}
