import type { OctetVector } from '@h2lab/octets'
import { type FrameFault, needsStreamZero, wrongSize } from './frame-fault'
import { getFrameSize, getStreamId } from './frame-header'

/*
 * PING, RFC 9113 section 6.7: eight octets of the sender's choice. Flag: ACK.
 */

/** The length of the payload, in octets. */
export const PING_LENGTH = 8

/** Checks the format of a PING frame. */
export function checkPingFrame(octets: OctetVector, offset: number): FrameFault | undefined {
  const streamId = getStreamId(octets, offset)
  if (streamId !== 0) return needsStreamZero('PING', streamId, 'RFC 9113 section 6.7')
  const size = getFrameSize(octets, offset)
  return size === PING_LENGTH ? undefined : wrongSize('PING', size, '8')
}
