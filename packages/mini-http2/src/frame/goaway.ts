import { type OctetVector, writeUint32 } from '@h2lab/octets'
import { makeFrame } from './frame-header'
import { FrameType } from './frame-type'

/**
 * Makes a GOAWAY frame, RFC 9113 section 6.8.
 *
 * @param lastStreamId the highest stream that was or might be processed
 * @param errorCode one of `ErrorCode`
 */
export function makeGoawayFrame(lastStreamId: number, errorCode: number): OctetVector {
  const payload = new Uint8Array(8)
  writeUint32(payload, 0, lastStreamId)
  writeUint32(payload, 4, errorCode)
  return makeFrame(FrameType.GOAWAY, 0, 0, payload)
}
