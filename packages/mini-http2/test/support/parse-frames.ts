import {
  type OctetVector,
  readUint16,
  readUint24,
  readUint31,
  readUint32,
  toHex,
} from '@h2lab/octets'
import { type ErrorCodeName, errorCodeName } from '../../src/frame/error-code'
import { FrameType, type FrameTypeName } from '../../src/frame/frame-type'
import { SettingsParameter } from '../../src/frame/settings-parameter'

/*
 * Parses output, so that tests can describe what they expect:
 *
 *   expect(parseFrames(output)).toMatchObject([
 *     { type: 'SETTINGS', flags: ['ACK'] },
 *     { type: 'GOAWAY', lastStreamId: 0, errorCode: 'PROTOCOL_ERROR' },
 *   ])
 *
 * An endpoint under test never sends padding, priorities or pushes, so they are rejected.
 */

/** The names of a frame's flags, in the order of their bits. */
export type FlagName = 'ACK' | 'END_STREAM' | 'END_HEADERS'

interface ParsedHead {
  readonly streamId: number
  readonly flags: readonly FlagName[]
}

/** The length of the payload in octets, for frames that carry octets. */
export type ParsedFrame = ParsedHead &
  (
    | { readonly type: 'DATA'; readonly length: number; readonly data: OctetVector }
    | {
        readonly type: 'HEADERS' | 'CONTINUATION'
        readonly length: number
        readonly fragment: OctetVector
      }
    | { readonly type: 'RST_STREAM'; readonly errorCode: ErrorCodeName | string }
    | { readonly type: 'SETTINGS'; readonly settings: Readonly<Record<string, number>> }
    | { readonly type: 'PING'; readonly opaqueData: OctetVector }
    | {
        readonly type: 'GOAWAY'
        readonly lastStreamId: number
        readonly errorCode: ErrorCodeName | string
        readonly debugData: OctetVector
      }
    | { readonly type: 'WINDOW_UPDATE'; readonly increment: number }
  )

/**
 * Parses complete frames.
 *
 * @param output undefined, which `takeOutput` returns when there is no output, means no frames
 * @throws Error if a frame is truncated, or an endpoint under test must not send it
 */
export function parseFrames(output: OctetVector | undefined): ParsedFrame[] {
  const frames: ParsedFrame[] = []
  let rest = output ?? new Uint8Array(0)
  while (rest.length > 0) {
    const end = rest.length < 9 ? Number.POSITIVE_INFINITY : 9 + readUint24(rest, 0)
    if (end > rest.length) throw new Error(`The output ends inside a frame: ${shown(rest)}`)
    frames.push(parseFrame(rest.subarray(0, end)))
    rest = rest.subarray(end)
  }
  return frames
}

function parseFrame(frame: OctetVector): ParsedFrame {
  const type = nameOf(FrameType, frame[3] as number)
  const streamId = readUint32(frame, 5)
  const payload = frame.slice(9)
  const head = { streamId, flags: flagNames(type, frame[4] as number) }
  switch (type) {
    case 'DATA':
      return { type, ...head, length: payload.length, data: payload }
    case 'HEADERS':
    case 'CONTINUATION':
      return { type, ...head, length: payload.length, fragment: payload }
    case 'RST_STREAM':
      expectLength(payload, 4)
      return { type, ...head, errorCode: errorCodeName(readUint32(payload, 0)) }
    case 'SETTINGS':
      return { type, ...head, settings: settingsOf(payload) }
    case 'PING':
      expectLength(payload, 8)
      return { type, ...head, opaqueData: payload }
    case 'GOAWAY':
      return {
        type,
        ...head,
        lastStreamId: readUint32(payload, 0),
        errorCode: errorCodeName(readUint32(payload, 4)),
        debugData: payload.slice(8),
      }
    case 'WINDOW_UPDATE':
      expectLength(payload, 4)
      return { type, ...head, increment: readUint31(payload, 0) }
    default:
      throw new Error(`An endpoint sends no frame of type ${type}: ${shown(frame)}`)
  }
}

const FLAGS: Readonly<Partial<Record<FrameTypeName, Readonly<Record<number, FlagName>>>>> = {
  DATA: { 1: 'END_STREAM' },
  HEADERS: { 1: 'END_STREAM', 4: 'END_HEADERS' },
  CONTINUATION: { 4: 'END_HEADERS' },
  SETTINGS: { 1: 'ACK' },
  PING: { 1: 'ACK' },
}

function flagNames(type: FrameTypeName, flags: number): FlagName[] {
  const names: FlagName[] = []
  for (let bit = 1; bit < 256; bit *= 2) {
    if ((flags & bit) === 0) continue
    const name = FLAGS[type]?.[bit]
    if (name === undefined)
      throw new Error(`A ${type} frame has the unused flag 0x${bit.toString(16)}`)
    names.push(name)
  }
  return names
}

function settingsOf(payload: OctetVector): Record<string, number> {
  if (payload.length % 6 !== 0) throw new Error(`SETTINGS of ${payload.length} octets`)
  const settings: Record<string, number> = {}
  for (let offset = 0; offset < payload.length; offset += 6) {
    settings[nameOf(SettingsParameter, readUint16(payload, offset))] = readUint32(
      payload,
      offset + 2,
    )
  }
  return settings
}

function nameOf<Name extends string>(
  numbers: Readonly<Record<Name, number>>,
  number: number,
): Name {
  const name = (Object.keys(numbers) as Name[]).find((one) => numbers[one] === number)
  if (name === undefined) throw new Error(`${number} is none of ${Object.keys(numbers).join(', ')}`)
  return name
}

function expectLength(payload: OctetVector, length: number): void {
  if (payload.length !== length) {
    throw new Error(
      `A payload has ${payload.length} octets instead of ${length}: ${shown(payload)}`,
    )
  }
}

/** Formats octets for an error, at most the first 64. */
function shown(octets: OctetVector): string {
  return octets.length > 64 ? `${toHex(octets.subarray(0, 64))}...` : toHex(octets)
}
