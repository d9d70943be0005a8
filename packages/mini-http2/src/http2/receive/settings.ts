import type { OctetVector } from '@h2lab/octets'
import { FrameFlag } from '../../frame/frame-flag'
import { getFrameFlags } from '../../frame/frame-header'
import {
  checkSettingsFrame,
  getSettingsCount,
  getSettingsIdentifier,
  getSettingsValue,
  SETTINGS_ACK_FRAME,
} from '../../frame/settings'
import { SettingsParameter } from '../../frame/settings-parameter'
import { MAX_WINDOW_SIZE } from '../../frame/window-update'
import type { ConnectionCore } from '../connection-core'
import { settingsValueFault } from '../peer-settings'
import { queueToSend } from '../send/send-body'

/** SETTINGS, RFC 9113 section 6.5: what the client wants of us, or that it knows what we want. */
export function receiveSettings(core: ConnectionCore, octets: OctetVector, offset: number): void {
  const fault = checkSettingsFrame(octets, offset)
  if (fault !== undefined) {
    core.failBy(fault)
    return
  }
  if ((getFrameFlags(octets, offset) & FrameFlag.ACK) !== 0) {
    receiveAcknowledgement(core)
    return
  }
  const count = getSettingsCount(octets, offset)
  const { maxSettingsParameters } = core.limits
  if (count > maxSettingsParameters) {
    core.fail(
      'ENHANCE_YOUR_CALM',
      `A SETTINGS frame has ${count} parameters, but ${maxSettingsParameters} are allowed.`,
    )
    return
  }
  // One after the other in their order, section 6.5.3.
  for (let index = 0; index < count; index++) {
    applyParameter(
      core,
      getSettingsIdentifier(octets, offset, index),
      getSettingsValue(octets, offset, index),
    )
    if (core.state === 'closed') return
  }
  core.acknowledge(SETTINGS_ACK_FRAME)
}

/** The client knows what we want: from now on it has to keep to it. */
function receiveAcknowledgement(core: ConnectionCore): void {
  if (core.settingsSentAt === Number.POSITIVE_INFINITY) {
    core.countIdleFrame()
    return
  }
  core.setTime('settingsSentAt', Number.POSITIVE_INFINITY)
  const { streamWindowSize } = core.limits
  const difference = streamWindowSize - core.initialReceiveWindow
  core.initialReceiveWindow = streamWindowSize
  if (difference !== 0) for (const stream of core.streams) stream.receiveWindow += difference
}

function applyParameter(core: ConnectionCore, identifier: number, value: number): void {
  const fault = settingsValueFault(identifier, value)
  if (fault !== undefined) {
    core.fail(fault.code, fault.message)
    return
  }
  switch (identifier) {
    case SettingsParameter.HEADER_TABLE_SIZE:
      core.encoder.setPeerMaxTableSize(value)
      break
    case SettingsParameter.INITIAL_WINDOW_SIZE:
      applyInitialWindowSize(core, value)
      break
    case SettingsParameter.MAX_FRAME_SIZE:
      core.peer.maxFrameSize = value
      break
    case SettingsParameter.MAX_HEADER_LIST_SIZE:
      core.peer.maxHeaderListSize = value
      break
    // ENABLE_PUSH and MAX_CONCURRENT_STREAMS are about pushes, and nothing is pushed. Others are
    // unknown, and so ignored.
  }
}

/** Section 6.9.2: the windows of all open streams change by the difference, also below zero. */
function applyInitialWindowSize(core: ConnectionCore, value: number): void {
  const difference = value - core.peer.initialWindowSize
  core.peer.initialWindowSize = value
  for (const stream of core.streams) {
    stream.sendWindow += difference
    if (stream.sendWindow > MAX_WINDOW_SIZE) {
      core.fail(
        'FLOW_CONTROL_ERROR',
        `SETTINGS_INITIAL_WINDOW_SIZE of ${value} makes the window of stream ${stream.id} larger than 2^31 - 1 octets (RFC 9113 section 6.9.2).`,
      )
      return
    }
    if (difference > 0) queueToSend(core, stream)
  }
}
