import type { OctetVector } from '@h2lab/octets'
import { FrameFlag } from './frame-flag'
import { FrameType } from './frame-type'

/*
 * The frame header, RFC 9113 section 4.1:
 *
 *  +-----------------------------------------------+
 *  |                 Length (24)                   |
 *  +---------------+---------------+---------------+
 *  |   Type (8)    |   Flags (8)   |
 *  +-+-------------+---------------+-------------------------------+
 *  |R|                 Stream Identifier (31)                      |
 *  +=+=============================================================+
 *  |                   Frame Payload (0...)                      ...
 *
 * The functions read and write it at an offset, by default 0. They are on hot paths and don't
 * check that nine octets are available.
 */

/** The length of a frame header, in octets. */
export const FRAME_HEADER_LENGTH = 9

/**
 * The largest payload that every endpoint accepts, in octets: the initial value of
 * SETTINGS_MAX_FRAME_SIZE, RFC 9113 section 4.2.
 */
export const DEFAULT_MAX_FRAME_SIZE = 16_384

/** The largest stream identifier, RFC 9113 section 5.1.1. */
export const MAX_STREAM_ID = 0x7fffffff

/** Returns the length of the payload, in octets, without the frame header. */
export function getFrameSize(octets: OctetVector, offset = 0): number {
  return (octets[offset]! << 16) | (octets[offset + 1]! << 8) | octets[offset + 2]!
}

/** Returns the type of the frame, one of {@link FrameType} or an unknown one. */
export function getFrameType(octets: OctetVector, offset = 0): number {
  return octets[offset + 3]!
}

/** Returns the frame's flags, a set of {@link FrameFlag} bits. */
export function getFrameFlags(octets: OctetVector, offset = 0): number {
  return octets[offset + 4]!
}

/** Returns the stream identifier, without the reserved bit. */
export function getStreamId(octets: OctetVector, offset = 0): number {
  return (
    ((octets[offset + 5]! & 0x7f) << 24) |
    (octets[offset + 6]! << 16) |
    (octets[offset + 7]! << 8) |
    octets[offset + 8]!
  )
}

/**
 * Returns the stream identifier if the frame ends the client's side of the stream (DATA or HEADERS
 * with END_STREAM); otherwise 0, which is never the identifier of such a stream.
 */
export function getStreamIdIfEnds(octets: OctetVector, offset = 0): number {
  const type = getFrameType(octets, offset)
  const carriesEndStream = type === FrameType.DATA || type === FrameType.HEADERS
  return carriesEndStream && (getFrameFlags(octets, offset) & FrameFlag.END_STREAM) !== 0
    ? getStreamId(octets, offset)
    : 0
}

/**
 * Writes a frame header.
 *
 * @param octets must have room for nine octets at `offset`
 * @param size length of the payload, 0 to 2^24 - 1 octets
 * @param type one of {@link FrameType}
 * @param flags a set of {@link FrameFlag} bits
 * @param streamId 0 to 2^31 - 1
 */
export function writeFrameHeader(
  octets: OctetVector,
  offset: number,
  size: number,
  type: number,
  flags: number,
  streamId: number,
): void {
  octets[offset] = size >>> 16
  octets[offset + 1] = size >>> 8
  octets[offset + 2] = size
  octets[offset + 3] = type
  octets[offset + 4] = flags
  writeStreamId(octets, offset, streamId)
}

/** Writes the stream identifier into the frame header at `offset`. */
export function writeStreamId(octets: OctetVector, offset: number, streamId: number): void {
  octets[offset + 5] = streamId >>> 24
  octets[offset + 6] = streamId >>> 16
  octets[offset + 7] = streamId >>> 8
  octets[offset + 8] = streamId
}

/**
 * Makes a whole frame.
 *
 * @param type one of {@link FrameType}
 * @param flags a set of {@link FrameFlag} bits
 * @param streamId 0 to 2^31 - 1
 * @param payload at most 2^24 - 1 octets, copied
 */
export function makeFrame(
  type: number,
  flags: number,
  streamId: number,
  payload: OctetVector = NO_PAYLOAD,
): OctetVector {
  const frame = new Uint8Array(FRAME_HEADER_LENGTH + payload.length)
  writeFrameHeader(frame, 0, payload.length, type, flags, streamId)
  frame.set(payload, FRAME_HEADER_LENGTH)
  return frame
}

const NO_PAYLOAD: OctetVector = new Uint8Array(0)
