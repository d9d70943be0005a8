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

/** Returns where the content begins in a frame that may be padded. */
export function contentStart(octets: OctetVector, offset: number): number {
  const padded = (getFrameFlags(octets, offset) & FrameFlag.PADDED) !== 0
  return offset + FRAME_HEADER_LENGTH + (padded ? 1 : 0)
}

/** Returns where the content ends, for a frame that {@link checkPadding} found right. */
export function contentEnd(octets: OctetVector, offset: number): number {
  const end = offset + FRAME_HEADER_LENGTH + getFrameSize(octets, offset)
  const padded = (getFrameFlags(octets, offset) & FrameFlag.PADDED) !== 0
  return padded ? end - octets[offset + FRAME_HEADER_LENGTH]! : end
}

/** Returns the padding's length in octets; undefined for a frame that isn't padded. */
export function paddingLength(octets: OctetVector, offset: number): number | undefined {
  const padded = (getFrameFlags(octets, offset) & FrameFlag.PADDED) !== 0
  return padded ? octets[offset + FRAME_HEADER_LENGTH] : undefined
}

/**
 * Checks that padding and what has to be there besides fit into the payload.
 *
 * @param fixed how many octets the content has at least
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
    `A ${type} frame's payload of ${size} octets is too short for what its flags announce.`,
  )
}
