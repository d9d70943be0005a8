import type { OctetVector } from '@h2lab/octets'
import { type FrameFault, needsStream } from './frame-fault'
import { FrameFlag } from './frame-flag'
import { getFrameFlags, getStreamId } from './frame-header'
import { checkPadding, contentStart } from './padding'
import { PRIORITY_LENGTH } from './priority'

/*
 * HEADERS, RFC 9113 section 6.2. Flags: END_STREAM, END_HEADERS, PADDED, PRIORITY.
 *
 *  +---------------+
 *  |Pad Length? (8)|
 *  +-+-------------+-----------------------------------------------+
 *  |E|                 Stream Dependency? (31)                     |
 *  +-+-------------+-----------------------------------------------+
 *  |  Weight? (8)  |
 *  +-+-------------+-----------------------------------------------+
 *  |                   Field Block Fragment (*)                  ...
 *  +---------------------------------------------------------------+
 *  |                           Padding (*)                       ...
 *  +---------------------------------------------------------------+
 */

/** Checks the format of a HEADERS frame. Allocates nothing for a valid frame. */
export function checkHeadersFrame(octets: OctetVector, offset: number): FrameFault | undefined {
  if (getStreamId(octets, offset) === 0) return needsStream('HEADERS', '6.2')
  // Most frames have neither, `npm run bench` (connection).
  if ((getFrameFlags(octets, offset) & (FrameFlag.PADDED | FrameFlag.PRIORITY)) === 0)
    return undefined
  return checkPadding('HEADERS', octets, offset, hasPriority(octets, offset) ? PRIORITY_LENGTH : 0)
}

/** Returns the offset of the field block fragment. It ends at `contentEnd` of padding.ts. */
export function headersFragmentStart(octets: OctetVector, offset: number): number {
  return contentStart(octets, offset) + (hasPriority(octets, offset) ? PRIORITY_LENGTH : 0)
}

/** Returns whether the frame has the fields of PRIORITY. */
export function hasPriority(octets: OctetVector, offset: number): boolean {
  return (getFrameFlags(octets, offset) & FrameFlag.PRIORITY) !== 0
}
