import { type OctetVector, readUint31 } from '@h2lab/octets'
import { type FrameFault, needsStream, wrongSize } from './frame-fault'
import { FRAME_HEADER_LENGTH, getFrameSize, getStreamId } from './frame-header'

/*
 * PRIORITY, RFC 9113 section 6.3: deprecated. It is checked but has no effect.
 *
 *  +-+-------------------------------------------------------------+
 *  |E|                  Stream Dependency (31)                     |
 *  +-+-------------+-----------------------------------------------+
 *  |  Weight (8)   |
 *  +---------------+
 */

/** The length of a PRIORITY frame's payload, and of the same fields in HEADERS, in octets. */
export const PRIORITY_LENGTH = 5

/** The fields of PRIORITY. */
export interface PriorityFields {
  readonly exclusive: boolean
  readonly streamDependency: number
  /** 1 to 256. */
  readonly weight: number
}

/** Checks the format of a PRIORITY frame. */
export function checkPriorityFrame(octets: OctetVector, offset: number): FrameFault | undefined {
  if (getStreamId(octets, offset) === 0) return needsStream('PRIORITY', '6.3')
  const size = getFrameSize(octets, offset)
  if (size !== PRIORITY_LENGTH) return wrongSize('PRIORITY', size, '5', 'stream')
  return undefined
}

/** Reads the five octets of the fields at `offset`. */
export function readPriorityFields(octets: OctetVector, offset: number): PriorityFields {
  return {
    exclusive: (octets[offset]! & 0x80) !== 0,
    streamDependency: readUint31(octets, offset),
    weight: octets[offset + 4]! + 1,
  }
}

/** Returns the offset of the fields in a PRIORITY frame. */
export function priorityFieldsOffset(offset: number): number {
  return offset + FRAME_HEADER_LENGTH
}
