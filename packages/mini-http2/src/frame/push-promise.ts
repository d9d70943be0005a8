import { type OctetVector, readUint31 } from '@h2lab/octets'
import { connectionFault, type FrameFault, needsStream } from './frame-fault'
import { getStreamId } from './frame-header'
import { checkPadding, contentStart } from './padding'

/*
 * PUSH_PROMISE, RFC 9113 section 6.6. Flags: END_HEADERS, PADDED.
 *
 *  +---------------+
 *  |Pad Length? (8)|
 *  +-+-------------+-----------------------------------------------+
 *  |R|                  Promised Stream ID (31)                    |
 *  +-+-----------------------------+-------------------------------+
 *  |                 Field Block Fragment (*)                    ...
 *  +---------------------------------------------------------------+
 *  |                           Padding (*)                       ...
 *  +---------------------------------------------------------------+
 */

const PROMISED_STREAM_ID_LENGTH = 4

/**
 * Checks the format of a PUSH_PROMISE frame, but not whether the sender may send it: a client must
 * not, section 8.4.
 */
export function checkPushPromiseFrame(octets: OctetVector, offset: number): FrameFault | undefined {
  if (getStreamId(octets, offset) === 0) return needsStream('PUSH_PROMISE', '6.6')
  const fault = checkPadding('PUSH_PROMISE', octets, offset, PROMISED_STREAM_ID_LENGTH)
  if (fault !== undefined) return fault
  const promised = getPromisedStreamId(octets, offset)
  // A server opens streams with even identifiers, section 5.1.1.
  if (promised !== 0 && promised % 2 === 0) return undefined
  return connectionFault(
    'PROTOCOL_ERROR',
    `A PUSH_PROMISE frame promises stream ${promised}, but a server's streams are even and not 0 (RFC 9113 section 5.1.1).`,
  )
}

/** Returns the identifier of the promised stream. */
export function getPromisedStreamId(octets: OctetVector, offset: number): number {
  return readUint31(octets, contentStart(octets, offset))
}

/** Returns the offset of the field block fragment. It ends at `contentEnd` of padding.ts. */
export function pushPromiseFragmentStart(octets: OctetVector, offset: number): number {
  return contentStart(octets, offset) + PROMISED_STREAM_ID_LENGTH
}
