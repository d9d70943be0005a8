import { type OctetVector, readUint31 } from '@h2lab/octets'
import { connectionFault, type FrameFault, needsStreamZero, wrongSize } from './frame-fault'
import { FRAME_HEADER_LENGTH, getFrameSize, getStreamId } from './frame-header'

/*
 * PRIORITY_UPDATE, RFC 9218 section 7.1: a priority for another stream, which may not be open yet.
 *
 *  +-+-------------------------------------------------------------+
 *  |R|                Prioritized Stream ID (31)                   |
 *  +-+-------------------------------------------------------------+
 *  |                   Priority Field Value (*)                  ...
 *  +---------------------------------------------------------------+
 */

const PRIORITIZED_STREAM_ID_LENGTH = 4

/** Checks the format of a PRIORITY_UPDATE frame. */
export function checkPriorityUpdateFrame(
  octets: OctetVector,
  offset: number,
): FrameFault | undefined {
  const streamId = getStreamId(octets, offset)
  if (streamId !== 0) return needsStreamZero('PRIORITY_UPDATE', streamId, 'RFC 9218 section 7.1')
  const size = getFrameSize(octets, offset)
  if (size < PRIORITIZED_STREAM_ID_LENGTH) return wrongSize('PRIORITY_UPDATE', size, '4 or more')
  if (getPrioritizedStreamId(octets, offset) !== 0) return undefined
  return connectionFault(
    'PROTOCOL_ERROR',
    'A PRIORITY_UPDATE frame refers to stream 0, which has no priority (RFC 9218 section 7.1).',
  )
}

/** Returns the prioritized stream. */
export function getPrioritizedStreamId(octets: OctetVector, offset: number): number {
  return readUint31(octets, offset + FRAME_HEADER_LENGTH)
}

/** Returns the priority, in the format of the `priority` header field. */
export function getPriorityFieldValue(octets: OctetVector, offset: number): string {
  const start = offset + FRAME_HEADER_LENGTH + PRIORITIZED_STREAM_ID_LENGTH
  const end = offset + FRAME_HEADER_LENGTH + getFrameSize(octets, offset)
  return String.fromCharCode(...octets.subarray(start, end))
}
