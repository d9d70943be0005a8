import { copyOctets, type OctetVector } from '@h2lab/octets'
import { FRAME_HEADER_LENGTH, MAX_STREAM_ID, writeStreamId } from '../frame/frame-header'

/**
 * Copies a frame with another stream identifier.
 *
 * @param frame must begin with a frame header; not modified
 * @param streamId 0 to 2^31 - 1
 * @throws RangeError if the frame header is incomplete, or the identifier is out of range
 */
export function withStreamId(frame: OctetVector, streamId: number): OctetVector {
  if (frame.length < FRAME_HEADER_LENGTH) {
    throw new RangeError(
      `A frame must have at least ${FRAME_HEADER_LENGTH} octets, not ${frame.length}.`,
    )
  }
  if (!Number.isInteger(streamId) || streamId < 0 || streamId > MAX_STREAM_ID) {
    throw new RangeError(`A stream identifier must be a 31-bit integer, not ${streamId}.`)
  }
  const copy = copyOctets(frame)
  writeStreamId(copy, 0, streamId)
  return copy
}
