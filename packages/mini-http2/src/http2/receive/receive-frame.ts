import type { OctetVector } from '@h2lab/octets'
import { FrameFlag } from '../../frame/frame-flag'
import { getFrameFlags, getFrameType } from '../../frame/frame-header'
import { FrameType } from '../../frame/frame-type'
import type { ConnectionCore } from '../connection-core'
import { receiveContinuation } from './continuation'
import { receiveData } from './data'
import { receiveGoaway } from './goaway'
import { receiveHeaders } from './headers'
import { receivePing } from './ping'
import { receivePriority } from './priority'
import { receivePriorityUpdate } from './priority-update'
import { receivePushPromise } from './push-promise'
import { receiveRstStream } from './rst-stream'
import { receiveSettings } from './settings'
import { receiveWindowUpdate } from './window-update'

/**
 * Gives a whole frame to the function for its type. Hot path.
 *
 * @param owned whether the octets may be kept without a copy
 */
export function receiveFrame(
  core: ConnectionCore,
  octets: OctetVector,
  offset: number,
  owned: boolean,
): void {
  const type = getFrameType(octets, offset)
  if (core.headerBlock !== undefined && type !== FrameType.CONTINUATION) {
    core.fail(
      'PROTOCOL_ERROR',
      `A frame of type ${type} came inside a header block of stream ${core.headerBlock.streamId} (RFC 9113 section 6.10).`,
    )
    return
  }
  if (!core.settingsReceived && !isFirstSettings(core, octets, offset)) return
  switch (type) {
    case FrameType.DATA:
      receiveData(core, octets, offset, owned)
      break
    case FrameType.HEADERS:
      receiveHeaders(core, octets, offset)
      break
    case FrameType.PRIORITY:
      receivePriority(core, octets, offset)
      break
    case FrameType.RST_STREAM:
      receiveRstStream(core, octets, offset)
      break
    case FrameType.SETTINGS:
      receiveSettings(core, octets, offset)
      break
    case FrameType.PUSH_PROMISE:
      receivePushPromise(core)
      break
    case FrameType.PING:
      receivePing(core, octets, offset)
      break
    case FrameType.GOAWAY:
      receiveGoaway(core, octets, offset)
      break
    case FrameType.WINDOW_UPDATE:
      receiveWindowUpdate(core, octets, offset)
      break
    case FrameType.CONTINUATION:
      receiveContinuation(core, octets, offset)
      break
    case FrameType.PRIORITY_UPDATE:
      receivePriorityUpdate(core, octets, offset)
      break
    default:
      // Unknown types are ignored, RFC 9113 section 5.5.
      core.countIdleFrame()
  }
}

/** A client's first frame is SETTINGS, and not their acknowledgement, RFC 9113 section 3.4. */
function isFirstSettings(core: ConnectionCore, octets: OctetVector, offset: number): boolean {
  core.settingsReceived =
    getFrameType(octets, offset) === FrameType.SETTINGS &&
    (getFrameFlags(octets, offset) & FrameFlag.ACK) === 0
  if (!core.settingsReceived) {
    core.fail(
      'PROTOCOL_ERROR',
      `A client's first frame is SETTINGS, not one of type ${getFrameType(octets, offset)} (RFC 9113 section 3.4).`,
    )
  }
  return core.settingsReceived
}
