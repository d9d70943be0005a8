import type { OctetVector } from '@h2lab/octets'
import { FrameFlag } from '../../frame/frame-flag'
import { getFrameFlags } from '../../frame/frame-header'
import {
  getSettingsCount,
  getSettingsIdentifier,
  getSettingsValue,
  SETTINGS_ACK_FRAME,
} from '../../frame/settings'
import { SettingsParameter } from '../../frame/settings-parameter'
import type { ConnectionCore } from '../connection-core'
import { windowsCost } from '../limits/work'
import { queueToSend } from '../send/bodies'

/** SETTINGS, RFC 9113 section 6.5: the client's settings, or an acknowledgement of ours. */
export function receiveSettings(core: ConnectionCore, octets: OctetVector, offset: number): void {
  if ((getFrameFlags(octets, offset) & FrameFlag.ACK) !== 0) {
    receiveAcknowledgement(core)
    return
  }
  const count = getSettingsCount(octets, offset)
  const { maxSettingsParameters } = core.limits
  if (count > maxSettingsParameters) {
    core.fail(
      'ENHANCE_YOUR_CALM',
      `A SETTINGS frame has ${count} parameters, but at most ${maxSettingsParameters} are allowed.`,
    )
    return
  }
  core.work.spend(count)
  const windowSize = core.peer.initialWindowSize
  // One after the other in their order, section 6.5.3.
  for (let index = 0; index < count; index++) {
    applyParameter(
      core,
      getSettingsIdentifier(octets, offset, index),
      getSettingsValue(octets, offset, index),
    )
    if (core.goingAway.isClosed) return
  }
  // Once, however often a frame changes it: each time is work for all streams.
  if (core.peer.initialWindowSize !== windowSize) {
    changeWindows(core, core.peer.initialWindowSize - windowSize)
    if (core.goingAway.isClosed) return
  }
  core.output.append(SETTINGS_ACK_FRAME)
  // Each client sends one; later ones cost us more than they are worth.
  const fault = core.peer.isKnown ? core.abuse.countIdleFrame() : undefined
  core.peer.markKnown()
  core.failIf(fault ?? core.abuse.countAcknowledgement())
}

/** The client has applied our settings. From now on it must respect them. */
function receiveAcknowledgement(core: ConnectionCore): void {
  const { own, waits, streams } = core
  if (own.acknowledged) {
    core.failIf(core.abuse.countIdleFrame())
    return
  }
  waits.settingsAcknowledged()
  const difference = own.acknowledge()
  if (difference !== 0) for (const stream of streams) stream.changeReceiveWindow(difference)
}

function applyParameter(core: ConnectionCore, identifier: number, value: number): void {
  core.failIf(core.peer.set(identifier, value))
  if (identifier === SettingsParameter.HEADER_TABLE_SIZE) core.heads.setTableSize(value)
}

/**
 * Section 6.9.2: the windows of all open streams change by the difference and may become negative.
 */
function changeWindows(core: ConnectionCore, difference: number): void {
  core.work.spend(windowsCost(core.streams.size))
  for (const stream of core.streams) {
    if (!stream.changeSendWindow(difference)) {
      core.fail(
        'FLOW_CONTROL_ERROR',
        `SETTINGS_INITIAL_WINDOW_SIZE of ${core.peer.initialWindowSize} makes the window of stream ${stream.id} larger than 2^31 - 1 octets (RFC 9113 section 6.9.2).`,
      )
      return
    }
    if (difference > 0) queueToSend(core, stream)
  }
}
