import { connectionFault, type FrameFault } from './frame-fault'
import { DEFAULT_MAX_FRAME_SIZE } from './frame-header'
import { SettingsParameter } from './settings-parameter'
import { MAX_WINDOW_SIZE } from './window-update'

/** The largest value of SETTINGS_MAX_FRAME_SIZE, RFC 9113 section 6.5.2. */
const LARGEST_MAX_FRAME_SIZE = 0xff_ffff

/**
 * Returns the fault of a parameter's value, RFC 9113 section 6.5.2; undefined if it is valid or the
 * parameter is unknown.
 */
export function settingsValueFault(identifier: number, value: number): FrameFault | undefined {
  switch (identifier) {
    case SettingsParameter.ENABLE_PUSH:
    case SettingsParameter.ENABLE_CONNECT_PROTOCOL:
    case SettingsParameter.NO_RFC7540_PRIORITIES:
      return value <= 1 ? undefined : wrong(identifier, value, '0 or 1', 'PROTOCOL_ERROR')
    case SettingsParameter.INITIAL_WINDOW_SIZE:
      return value <= MAX_WINDOW_SIZE
        ? undefined
        : wrong(identifier, value, 'at most 2^31 - 1', 'FLOW_CONTROL_ERROR')
    case SettingsParameter.MAX_FRAME_SIZE:
      return value >= DEFAULT_MAX_FRAME_SIZE && value <= LARGEST_MAX_FRAME_SIZE
        ? undefined
        : wrong(identifier, value, 'from 2^14 to 2^24 - 1', 'PROTOCOL_ERROR')
    default:
      return undefined
  }
}

function wrong(
  identifier: number,
  value: number,
  right: string,
  code: FrameFault['code'],
): FrameFault {
  const name = Object.entries(SettingsParameter).find(([, one]) => one === identifier)?.[0]
  return connectionFault(
    code,
    `SETTINGS_${name} is ${value}, but must be ${right} (RFC 9113 section 6.5.2).`,
  )
}
