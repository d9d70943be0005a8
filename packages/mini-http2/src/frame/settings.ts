import { type OctetVector, readUint16, readUint32, writeUint16, writeUint32 } from '@h2lab/octets'
import { checkOptionNames } from '../options'
import { type FrameFault, needsStreamZero, wrongSize } from './frame-fault'
import { FrameFlag } from './frame-flag'
import {
  FRAME_HEADER_LENGTH,
  getFrameFlags,
  getFrameSize,
  getStreamId,
  makeFrame,
} from './frame-header'
import { FrameType } from './frame-type'
import { SettingsParameter, type SettingsParameterName } from './settings-parameter'

/*
 * SETTINGS, RFC 9113 section 6.5: any number of parameters, in order. Flag: ACK.
 *
 *  +-------------------------------+
 *  |         Identifier (16)       |
 *  +-------------------------------+-------------------------------+
 *  |                        Value (32)                             |
 *  +---------------------------------------------------------------+
 */

/** Values for the parameters of SETTINGS. Omitted ones keep their initial value. */
export type Settings = { readonly [Name in SettingsParameterName]?: number }

const PARAMETERS = Object.fromEntries(
  Object.keys(SettingsParameter).map((name) => [name, true] as const),
)

/** The length of one parameter in a SETTINGS frame, in octets. */
export const SETTINGS_ENTRY_LENGTH = 6

/**
 * Makes a SETTINGS frame, RFC 9113 section 6.5.
 *
 * @throws RangeError if a value isn't an unsigned integer of 32 bits
 * @throws MisuseError `INVALID_OPTION` if there is no such parameter
 */
export function makeSettingsFrame(settings: Settings): OctetVector {
  checkOptionNames(settings, PARAMETERS)
  const entries = Object.entries(settings) as [SettingsParameterName, number][]
  const payload = new Uint8Array(entries.length * SETTINGS_ENTRY_LENGTH)
  entries.forEach(([name, value], index) => {
    writeUint16(payload, index * SETTINGS_ENTRY_LENGTH, SettingsParameter[name])
    writeUint32(payload, index * SETTINGS_ENTRY_LENGTH + 2, value)
  })
  return makeFrame(FrameType.SETTINGS, 0, 0, payload)
}

/** Checks the format of a SETTINGS frame, but not the values. */
export function checkSettingsFrame(octets: OctetVector, offset: number): FrameFault | undefined {
  const streamId = getStreamId(octets, offset)
  if (streamId !== 0) return needsStreamZero('SETTINGS', streamId, 'RFC 9113 section 6.5')
  const size = getFrameSize(octets, offset)
  if ((getFrameFlags(octets, offset) & FrameFlag.ACK) !== 0) {
    return size === 0 ? undefined : wrongSize('SETTINGS', size, '0 with the flag ACK')
  }
  return size % SETTINGS_ENTRY_LENGTH === 0
    ? undefined
    : wrongSize('SETTINGS', size, '6 for each parameter')
}

/** Returns the number of parameters in a SETTINGS frame. */
export function getSettingsCount(octets: OctetVector, offset: number): number {
  return getFrameSize(octets, offset) / SETTINGS_ENTRY_LENGTH
}

/** Returns the identifier of a parameter, one of `SettingsParameter` or another. */
export function getSettingsIdentifier(octets: OctetVector, offset: number, index: number): number {
  return readUint16(octets, offset + FRAME_HEADER_LENGTH + index * SETTINGS_ENTRY_LENGTH)
}

/** Returns the value of a parameter. */
export function getSettingsValue(octets: OctetVector, offset: number, index: number): number {
  return readUint32(octets, offset + FRAME_HEADER_LENGTH + index * SETTINGS_ENTRY_LENGTH + 2)
}

/** Acknowledges the peer's SETTINGS. Shared by all connections: don't modify it. */
export const SETTINGS_ACK_FRAME: OctetVector = makeFrame(FrameType.SETTINGS, FrameFlag.ACK, 0)
