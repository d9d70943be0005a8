import { type OctetVector, readUint31, readUint32, writeUint32 } from '@h2lab/octets'
import { type FrameFault, needsStreamZero, wrongSize } from './frame-fault'
import { FRAME_HEADER_LENGTH, getFrameSize, getStreamId, makeFrame } from './frame-header'
import { FrameType } from './frame-type'

/*
 * GOAWAY, RFC 9113 section 6.8.
 *
 *  +-+-------------------------------------------------------------+
 *  |R|                  Last-Stream-ID (31)                        |
 *  +-+-------------------------------------------------------------+
 *  |                      Error Code (32)                          |
 *  +---------------------------------------------------------------+
 *  |                  Additional Debug Data (*)                    |
 *  +---------------------------------------------------------------+
 */

/** The minimum length of the payload, without debug data, in octets. */
export const GOAWAY_MIN_LENGTH = 8

/** Checks the format of a GOAWAY frame. */
export function checkGoawayFrame(octets: OctetVector, offset: number): FrameFault | undefined {
  const streamId = getStreamId(octets, offset)
  if (streamId !== 0) return needsStreamZero('GOAWAY', streamId, 'RFC 9113 section 6.8')
  const size = getFrameSize(octets, offset)
  return size >= GOAWAY_MIN_LENGTH ? undefined : wrongSize('GOAWAY', size, '8 or more')
}

/** Returns the highest stream identifier that the sender may have processed. */
export function getGoawayLastStreamId(octets: OctetVector, offset: number): number {
  return readUint31(octets, offset + FRAME_HEADER_LENGTH)
}

/** Returns the error code, one of `ErrorCode` or another. */
export function getGoawayErrorCode(octets: OctetVector, offset: number): number {
  return readUint32(octets, offset + FRAME_HEADER_LENGTH + 4)
}

/**
 * Makes a GOAWAY frame.
 *
 * @param lastStreamId the highest stream that was or may be processed
 * @param errorCode one of `ErrorCode`
 */
export function makeGoawayFrame(lastStreamId: number, errorCode: number): OctetVector {
  const payload = new Uint8Array(GOAWAY_MIN_LENGTH)
  writeUint32(payload, 0, lastStreamId)
  writeUint32(payload, 4, errorCode)
  return makeFrame(FrameType.GOAWAY, 0, 0, payload)
}
