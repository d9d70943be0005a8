import { concatenate, type OctetVector, octetize } from '@h2lab/octets'
import { ErrorCode, type ErrorCodeName } from '../../src/frame/error-code'
import { FrameFlag } from '../../src/frame/frame-flag'
import { FrameType } from '../../src/frame/frame-type'
import { SettingsParameter, type SettingsParameterName } from '../../src/frame/settings-parameter'

/*
 * A factory for the frames of RFC 9113 section 6, valid and invalid ones. Nothing is checked, so
 * that tests can create what an endpoint must reject. It shares no code with the readers and
 * writers of `src`, except for the names of constants.
 */

/** The octets of a payload: raw, or as text with one character for each octet. */
export type Octets = OctetVector | string

/**
 * Section 4.1: length (24), type (8), flags (8), a reserved bit, stream identifier (31), payload.
 */
export function rawFrame(
  type: number,
  flags: number,
  streamId: number,
  payload: Octets = '',
): OctetVector {
  const content = toOctets(payload)
  return concatenate(frameHeader(content.length, type, flags, streamId), content)
}

/** A frame header without its payload. */
export function frameHeader(
  length: number,
  type: number,
  flags: number,
  streamId: number,
): OctetVector {
  return concatenate(uint24(length), uint8(type), uint8(flags), uint32(streamId))
}

/** Section 6.1. */
export function dataFrame(
  streamId: number,
  data: Octets = '',
  { endStream = false, padding }: { endStream?: boolean; padding?: number } = {},
): OctetVector {
  const flags = (endStream ? FrameFlag.END_STREAM : 0) | paddedFlag(padding)
  return rawFrame(FrameType.DATA, flags, streamId, padded(toOctets(data), padding))
}

/** The priority fields of HEADERS and PRIORITY, section 5.3.2. The weight is 1 to 256. */
export interface Priority {
  readonly exclusive?: boolean
  readonly streamDependency?: number
  readonly weight?: number
}

/** Section 6.2. The fragment is a whole header block unless `endHeaders` is false. */
export function headersFrame(
  streamId: number,
  fragment: Octets,
  options: {
    endStream?: boolean
    endHeaders?: boolean
    padding?: number
    priority?: Priority
  } = {},
): OctetVector {
  const { endStream = false, endHeaders = true, padding, priority } = options
  const flags =
    (endStream ? FrameFlag.END_STREAM : 0) |
    (endHeaders ? FrameFlag.END_HEADERS : 0) |
    paddedFlag(padding) |
    (priority === undefined ? 0 : FrameFlag.PRIORITY)
  const fields = priority === undefined ? uint8() : priorityFields(priority)
  return rawFrame(
    FrameType.HEADERS,
    flags,
    streamId,
    padded(concatenate(fields, toOctets(fragment)), padding),
  )
}

/** Section 6.3. */
export function priorityFrame(streamId: number, priority: Priority = {}): OctetVector {
  return rawFrame(FrameType.PRIORITY, 0, streamId, priorityFields(priority))
}

/** Section 6.4. */
export function rstStreamFrame(
  streamId: number,
  errorCode: ErrorCodeName | number = 'CANCEL',
): OctetVector {
  return rawFrame(FrameType.RST_STREAM, 0, streamId, uint32(errorNumber(errorCode)))
}

/** Section 6.5: by name, or as pairs of identifier and value in any order. */
export function settingsFrame(
  settings:
    | Partial<Record<SettingsParameterName, number>>
    | readonly (readonly [identifier: number, value: number])[] = {},
): OctetVector {
  const pairs = Array.isArray(settings)
    ? (settings as readonly (readonly [number, number])[])
    : Object.entries(settings).map(
        ([name, value]) => [SettingsParameter[name as SettingsParameterName], value] as const,
      )
  const entries = pairs.map(([identifier, value]) => concatenate(uint16(identifier), uint32(value)))
  return rawFrame(FrameType.SETTINGS, 0, 0, concatenate(...entries))
}

/** Section 6.5: acknowledges the other side's SETTINGS. */
export function settingsAckFrame(): OctetVector {
  return rawFrame(FrameType.SETTINGS, FrameFlag.ACK, 0)
}

/** Section 6.6. */
export function pushPromiseFrame(
  streamId: number,
  promisedStreamId: number,
  fragment: Octets,
  { endHeaders = true, padding }: { endHeaders?: boolean; padding?: number } = {},
): OctetVector {
  const flags = (endHeaders ? FrameFlag.END_HEADERS : 0) | paddedFlag(padding)
  const content = concatenate(uint32(promisedStreamId), toOctets(fragment))
  return rawFrame(FrameType.PUSH_PROMISE, flags, streamId, padded(content, padding))
}

/** Section 6.7. */
export function pingFrame(
  opaqueData: Octets = '12345678',
  { ack = false }: { ack?: boolean } = {},
): OctetVector {
  return rawFrame(FrameType.PING, ack ? FrameFlag.ACK : 0, 0, opaqueData)
}

/** Section 6.8. */
export function goawayFrame(
  lastStreamId = 0,
  errorCode: ErrorCodeName | number = 'NO_ERROR',
  debugData: Octets = '',
): OctetVector {
  return rawFrame(
    FrameType.GOAWAY,
    0,
    0,
    concatenate(uint32(lastStreamId), uint32(errorNumber(errorCode)), toOctets(debugData)),
  )
}

/** Section 6.9. */
export function windowUpdateFrame(streamId: number, increment: number): OctetVector {
  return rawFrame(FrameType.WINDOW_UPDATE, 0, streamId, uint32(increment))
}

/** Section 6.10. */
export function continuationFrame(
  streamId: number,
  fragment: Octets,
  { endHeaders = true }: { endHeaders?: boolean } = {},
): OctetVector {
  return rawFrame(
    FrameType.CONTINUATION,
    endHeaders ? FrameFlag.END_HEADERS : 0,
    streamId,
    fragment,
  )
}

/** RFC 9218 section 7.1. */
export function priorityUpdateFrame(prioritizedStreamId: number, fieldValue: string): OctetVector {
  return rawFrame(
    FrameType.PRIORITY_UPDATE,
    0,
    0,
    concatenate(uint32(prioritizedStreamId), toOctets(fieldValue)),
  )
}

/** Octets written in hexadecimal digits. */
export function hex(digits: string): OctetVector {
  return octetize(digits, 'hex')
}

function toOctets(octets: Octets): OctetVector {
  return typeof octets === 'string' ? octetize(octets, 'latin1') : octets
}

function paddedFlag(padding: number | undefined): number {
  return padding === undefined ? 0 : FrameFlag.PADDED
}

/** Section 6.1: pad length (8), content, padding. */
function padded(content: OctetVector, padding: number | undefined): OctetVector {
  if (padding === undefined) return content
  return concatenate(uint8(padding), content, new Uint8Array(padding))
}

/** Section 6.3: exclusive (1), stream dependency (31), weight (8). */
function priorityFields(priority: Priority): OctetVector {
  const { exclusive = false, streamDependency = 0, weight = 16 } = priority
  return concatenate(uint32(streamDependency + (exclusive ? 2 ** 31 : 0)), uint8(weight - 1))
}

function errorNumber(errorCode: ErrorCodeName | number): number {
  return typeof errorCode === 'number' ? errorCode : ErrorCode[errorCode]
}

function uint8(...values: number[]): OctetVector {
  return octetize(values)
}

function uint16(value: number): OctetVector {
  return uint8(Math.floor(value / 2 ** 8), value % 2 ** 8)
}

function uint24(value: number): OctetVector {
  return concatenate(uint8(Math.floor(value / 2 ** 16)), uint16(value % 2 ** 16))
}

function uint32(value: number): OctetVector {
  return concatenate(uint16(Math.floor(value / 2 ** 16)), uint16(value % 2 ** 16))
}
