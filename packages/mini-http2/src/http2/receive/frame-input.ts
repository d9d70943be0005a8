import type { OctetVector } from '@h2lab/octets'
import { ClientPrefaceMismatchError } from '../../errors'
import { connectionFault, type FrameFault, tooLarge } from '../../frame/frame-fault'
import { FrameFlag } from '../../frame/frame-flag'
import {
  DEFAULT_MAX_FRAME_SIZE,
  getFrameFlags,
  getFrameType,
  getStreamId,
} from '../../frame/frame-header'
import type { FrameTarget } from '../../frame/frame-receiver'
import { FrameType } from '../../frame/frame-type'
import { checkFrame } from '../../frame/read-frame'
import type { ConnectionCore } from '../connection-core'
import { closeIfDone, failStream, refuseStream } from '../stream-ends'
import { receiveData } from './data'
import { HeaderBlocks } from './header-blocks'
import { receivePing } from './ping'
import { receivePriority, receivePriorityUpdate } from './priority-frames'
import { receiveRstStream } from './rst-stream'
import { receiveSettings } from './settings'
import { receiveWindowUpdate } from './window-update'

/**
 * Octets of output that may wait beyond `maxWaitingOutput`, because some frames are still processed
 * and answered: enough for thousands of RST_STREAM and WINDOW_UPDATE. Beyond that all input waits.
 */
const CONTROL_ROOM = 65_536

/** Receives the frames of a client: checks each one and passes it to the function for its type. */
export class FrameInput implements FrameTarget {
  readonly blocks: HeaderBlocks
  readonly #core: ConnectionCore
  /** Whether the client's SETTINGS have arrived, which must be its first frame. */
  #state: 'awaits SETTINGS' | 'begun' = 'awaits SETTINGS'

  constructor(core: ConnectionCore) {
    this.#core = core
    this.blocks = new HeaderBlocks(core)
  }

  receivesNoMore(): boolean {
    return this.#core.goingAway.isClosed
  }

  mustWait(octets: OctetVector, offset: number): boolean {
    const { output, limits } = this.#core
    const excess = output.length - limits.maxWaitingOutput
    return excess > 0 && (excess > CONTROL_ROOM || this.#hasNoRoomFor(octets, offset))
  }

  allowance(): number {
    return this.#core.work.take()
  }

  returnAllowance(unused: number): void {
    this.#core.work.giveBack(unused)
  }

  /** Returns whether a request would be refused now, but maybe not after output was taken. */
  #hasNoRoomFor(octets: OctetVector, offset: number): boolean {
    const { streams, limits } = this.#core
    if (getFrameType(octets, offset) !== FrameType.HEADERS) return false
    if (streams.taken < limits.maxConcurrentStreams) return false
    return streams.isIdle(getStreamId(octets, offset))
  }

  onPreface(): void {
    this.#core.sendPreface()
    this.#core.waits.settingsSent(this.#core.now)
  }

  refusePreface(octets: OctetVector): void {
    this.#core.sendPreface()
    this.#core.close(new ClientPrefaceMismatchError(octets))
  }

  refuseFrame(size: number): void {
    this.#core.failIf(tooLarge(size, DEFAULT_MAX_FRAME_SIZE))
  }

  processFrame(octets: OctetVector, offset: number, owned: boolean): void {
    const isInPlace =
      this.#state === 'begun' &&
      this.blocks.unfinished === undefined &&
      getFrameType(octets, offset) !== FrameType.PUSH_PROMISE
    const fault =
      (isInPlace ? undefined : this.#misplacement(octets, offset)) ??
      checkFrame(octets, offset) ??
      this.#receive(octets, offset, owned)
    if (fault !== undefined) this.#refuse(fault, getStreamId(octets, offset))
    // Closes immediately, so that the frames after this one have no effect however the input is
    // split.
    if (this.#core.goingAway.isFinal) closeIfDone(this.#core)
  }

  /**
   * Returns the fault of a misplaced frame: the first frame, one inside a header block, or one that
   * only servers may send.
   */
  #misplacement(octets: OctetVector, offset: number): FrameFault | undefined {
    const type = getFrameType(octets, offset)
    const { unfinished } = this.blocks
    if (unfinished !== undefined) {
      if (type === FrameType.CONTINUATION) return undefined
      return connectionFault(
        'PROTOCOL_ERROR',
        `A frame of type ${type} was received inside a header block of stream ${unfinished} (RFC 9113 section 6.10).`,
      )
    }
    if (this.#state === 'begun') {
      return connectionFault(
        'PROTOCOL_ERROR',
        'A client sent PUSH_PROMISE, but only servers push (RFC 9113 section 8.4).',
      )
    }
    this.#state = 'begun'
    // RFC 9113 section 3.4: an acknowledgement doesn't count.
    const isAcknowledgement = (getFrameFlags(octets, offset) & FrameFlag.ACK) !== 0
    if (type === FrameType.SETTINGS && !isAcknowledgement) return undefined
    return connectionFault(
      'PROTOCOL_ERROR',
      `A client's first frame must be SETTINGS, not type ${type} (RFC 9113 section 3.4).`,
    )
  }

  /**
   * Passes a valid frame to the function for its type. Returns a fault that was not handled yet.
   */
  #receive(octets: OctetVector, offset: number, owned: boolean): FrameFault | undefined {
    const core = this.#core
    switch (getFrameType(octets, offset)) {
      case FrameType.DATA:
        receiveData(core, octets, offset, owned)
        return undefined
      case FrameType.HEADERS:
        this.blocks.receiveHeaders(octets, offset)
        return undefined
      case FrameType.PRIORITY:
        return receivePriority(core, octets, offset)
      case FrameType.RST_STREAM:
        receiveRstStream(core, octets, offset)
        return undefined
      case FrameType.SETTINGS:
        receiveSettings(core, octets, offset)
        return undefined
      case FrameType.PING:
        receivePing(core, octets, offset)
        return undefined
      case FrameType.GOAWAY:
        return receiveGoaway(core)
      case FrameType.WINDOW_UPDATE:
        receiveWindowUpdate(core, octets, offset)
        return undefined
      case FrameType.CONTINUATION:
        this.blocks.receiveContinuation(octets, offset)
        return undefined
      case FrameType.PRIORITY_UPDATE:
        receivePriorityUpdate(core, octets, offset)
        return undefined
      default:
        // Unknown types are ignored, RFC 9113 section 5.5.
        return core.abuse.countIdleFrame()
    }
  }

  /**
   * A fault ends the connection, or only the stream if it is a stream error: RFC 9113 section 5.4.
   */
  #refuse(fault: FrameFault, streamId: number): void {
    const core = this.#core
    if (fault.scope === 'connection') {
      core.failIf(fault)
      return
    }
    const stream = core.streams.get(streamId)
    const state = core.streams.stateOf(streamId)
    if (stream !== undefined) failStream(core, stream, fault.code)
    // RST_STREAM must not be sent on an idle stream, section 6.4.
    else if (state === 'idle') core.failIf(fault)
    // The client may not have seen our reset yet. It needs no second one.
    else if (state === 'reset') core.failIf(core.abuse.countIdleFrame())
    else {
      refuseStream(core, streamId, 0, fault.code)
      core.failIf(core.abuse.countReset())
    }
  }
}

/**
 * GOAWAY, RFC 9113 section 6.8: the client ends the connection. Its streams are finished, whatever
 * the error code is, and later ones are not served.
 */
function receiveGoaway({ goingAway, abuse }: ConnectionCore): FrameFault | undefined {
  if (goingAway.isFinal) return abuse.countIdleFrame()
  goingAway.nameLastStream()
  return undefined
}
