import type { OctetVector } from '@h2lab/octets'
import { connectionFault, type FrameFault } from './frame-fault'
import { FrameFlag } from './frame-flag'
import { FRAME_HEADER_LENGTH, getFrameFlags, getFrameSize } from './frame-header'

/*
 * Padding of DATA, HEADERS and PUSH_PROMISE, RFC 9113 sections 6.1, 6.2 and 6.6:
 *
 *  +---------------+
 *  |Pad Length? (8)|
 *  +---------------+-----------------------------------------------+
 *  |                     Content (*)                             ...
 *  +---------------------------------------------------------------+
 *  |                     Padding (*)                             ...
 *  +---------------------------------------------------------------+
 */

/** Returns the offset of the content in a frame that may be padded. */
export function contentStart(octets: OctetVector, offset: number): number {
  const padded = (getFrameFlags(octets, offset) & FrameFlag.PADDED) !== 0
  return offset + FRAME_HEADER_LENGTH + (padded ? 1 : 0)
}

/** Returns the offset of the end of the content, for a frame that {@link checkPadding} accepted. */
export function contentEnd(octets: OctetVector, offset: number): number {
  const end = offset + FRAME_HEADER_LENGTH + getFrameSize(octets, offset)
  const padded = (getFrameFlags(octets, offset) & FrameFlag.PADDED) !== 0
  return padded ? end - octets[offset + FRAME_HEADER_LENGTH]! : end
}

/** Returns the length of the padding in octets; undefined for a frame without padding. */
export function paddingLength(octets: OctetVector, offset: number): number | undefined {
  const padded = (getFrameFlags(octets, offset) & FrameFlag.PADDED) !== 0
  return padded ? octets[offset + FRAME_HEADER_LENGTH] : undefined
}

/**
 * Checks that the padding and the fixed part of the content fit into the payload.
 *
 * @param fixed the minimum length of the content in octets
 */
export function checkPadding(
  type: string,
  octets: OctetVector,
  offset: number,
  fixed: number,
): FrameFault | undefined {
  const size = getFrameSize(octets, offset)
  const flags = getFrameFlags(octets, offset)
  if ((flags & FrameFlag.PADDED) === 0) {
    if (size >= fixed) return undefined
  } else {
    if (size >= 1 + fixed && octets[offset + FRAME_HEADER_LENGTH]! <= size - 1 - fixed) {
      return undefined
    }
    if (size >= 1 + fixed) {
      return connectionFault(
        'PROTOCOL_ERROR',
        `A ${type} frame's padding of ${octets[offset + FRAME_HEADER_LENGTH]} octets is longer than ` +
          `its payload of ${size} allows (RFC 9113 section 6.1).`,
      )
    }
  }
  return connectionFault(
    'FRAME_SIZE_ERROR',
    `A ${type} frame's payload of ${size} octets is too short for its flags.`,
  )
}
