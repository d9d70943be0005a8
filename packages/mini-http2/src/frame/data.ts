import type { OctetVector } from '@h2lab/octets'
import { type FrameFault, needsStream } from './frame-fault'
import { getStreamId } from './frame-header'
import { checkPadding } from './padding'

/*
 * DATA, RFC 9113 section 6.1: content, which may be padded. Flags: END_STREAM, PADDED.
 */

/** Checks the format of a DATA frame. */
export function checkDataFrame(octets: OctetVector, offset: number): FrameFault | undefined {
  if (getStreamId(octets, offset) === 0) return needsStream('DATA', '6.1')
  return checkPadding('DATA', octets, offset, 0)
}
