import { type OctetVector, writeUint16, writeUint32 } from '@h2lab/octets'
import { FrameFlag } from './frame-flag'
import { makeFrame } from './frame-header'
import { FrameType } from './frame-type'
import { SettingsParameter, type SettingsParameterName } from './settings-parameter'

/** Values for parameters of SETTINGS; those left out keep their initial value. */
export type Settings = { readonly [Name in SettingsParameterName]?: number }

/** The length of one parameter in a SETTINGS frame, in octets. */
export const SETTINGS_ENTRY_LENGTH = 6

/**
 * Makes a SETTINGS frame, RFC 9113 section 6.5.
 *
 * @throws RangeError if a value isn't an unsigned integer of 32 bits
 */
export function makeSettingsFrame(settings: Settings): OctetVector {
  const entries = Object.entries(settings) as [SettingsParameterName, number][]
  const payload = new Uint8Array(entries.length * SETTINGS_ENTRY_LENGTH)
  entries.forEach(([name, value], index) => {
    writeUint16(payload, index * SETTINGS_ENTRY_LENGTH, SettingsParameter[name])
    writeUint32(payload, index * SETTINGS_ENTRY_LENGTH + 2, value)
  })
  return makeFrame(FrameType.SETTINGS, 0, 0, payload)
}

/** Acknowledges the peer's SETTINGS. Shared by all connections: don't write into it. */
export const SETTINGS_ACK_FRAME: OctetVector = makeFrame(FrameType.SETTINGS, FrameFlag.ACK, 0)
