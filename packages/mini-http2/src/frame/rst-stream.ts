import { type OctetVector, readUint32, writeUint32 } from '@h2lab/octets'
import { type FrameFault, needsStream, wrongSize } from './frame-fault'
import { FRAME_HEADER_LENGTH, getFrameSize, getStreamId, makeFrame } from './frame-header'
import { FrameType } from './frame-type'

/*
 * RST_STREAM, RFC 9113 section 6.4: an error code of 32 bits.
 */

/** The length of the payload, in octets. */
export const RST_STREAM_LENGTH = 4

/** Checks the format of an RST_STREAM frame. */
export function checkRstStreamFrame(octets: OctetVector, offset: number): FrameFault | undefined {
  if (getStreamId(octets, offset) === 0) return needsStream('RST_STREAM', '6.4')
  const size = getFrameSize(octets, offset)
  return size === RST_STREAM_LENGTH ? undefined : wrongSize('RST_STREAM', size, '4')
}

/** Returns the error code of a valid frame, one of `ErrorCode` or another. */
export function getRstStreamErrorCode(octets: OctetVector, offset: number): number {
  return readUint32(octets, offset + FRAME_HEADER_LENGTH)
}

/**
 * Makes an RST_STREAM frame.
 *
 * @param errorCode one of `ErrorCode`
 */
export function makeRstStreamFrame(streamId: number, errorCode: number): OctetVector {
  const payload = new Uint8Array(RST_STREAM_LENGTH)
  writeUint32(payload, 0, errorCode)
  return makeFrame(FrameType.RST_STREAM, 0, streamId, payload)
}
