import { type OctetVector, readUint31, writeUint31 } from '@h2lab/octets'
import { connectionFault, type FrameFault, streamFault, wrongSize } from './frame-fault'
import { FRAME_HEADER_LENGTH, getFrameSize, getStreamId, makeFrame } from './frame-header'
import { FrameType } from './frame-type'

/*
 * WINDOW_UPDATE, RFC 9113 section 6.9: an increment of 31 bits, on a stream or on the connection.
 */

/** The largest flow-control window, in octets, RFC 9113 section 6.9.1. */
export const MAX_WINDOW_SIZE = 0x7fffffff

/** The length of the payload, in octets. */
export const WINDOW_UPDATE_LENGTH = 4

/** Checks the format of a WINDOW_UPDATE frame. */
export function checkWindowUpdateFrame(
  octets: OctetVector,
  offset: number,
): FrameFault | undefined {
  const size = getFrameSize(octets, offset)
  if (size !== WINDOW_UPDATE_LENGTH) return wrongSize('WINDOW_UPDATE', size, '4')
  if (getWindowIncrement(octets, offset) !== 0) return undefined
  const fault = getStreamId(octets, offset) === 0 ? connectionFault : streamFault
  return fault(
    'PROTOCOL_ERROR',
    'A WINDOW_UPDATE frame has an increment of 0, but it must be from 1 to 2^31 - 1 (RFC 9113 section 6.9).',
  )
}

/** Returns the increment, in octets. */
export function getWindowIncrement(octets: OctetVector, offset: number): number {
  return readUint31(octets, offset + FRAME_HEADER_LENGTH)
}

/**
 * Makes a WINDOW_UPDATE frame.
 *
 * @param streamId 0 for the connection
 * @param increment 1 to 2^31 - 1 octets
 */
export function makeWindowUpdateFrame(streamId: number, increment: number): OctetVector {
  const payload = new Uint8Array(WINDOW_UPDATE_LENGTH)
  writeUint31(payload, 0, increment)
  return makeFrame(FrameType.WINDOW_UPDATE, 0, streamId, payload)
}
