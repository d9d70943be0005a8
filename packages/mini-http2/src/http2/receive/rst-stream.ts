import type { OctetVector } from '@h2lab/octets'
import { getStreamId } from '../../frame/frame-header'
import type { ConnectionCore } from '../connection-core'
import { transition } from '../streams/stream-state'

/** RST_STREAM, RFC 9113 section 6.4: the client cancels a request. */
export function receiveRstStream(core: ConnectionCore, octets: OctetVector, offset: number): void {
  const streamId = getStreamId(octets, offset)
  const stream = core.streams.get(streamId)
  if (stream !== undefined) {
    core.streams.drop(stream, 'receive RST_STREAM')
    core.failIf(core.abuse.countReset())
    return
  }
  const state = core.streams.stateOf(streamId)
  if (transition(state, 'receive RST_STREAM').kind === 'fault') {
    core.fail(
      'PROTOCOL_ERROR',
      `RST_STREAM was received on stream ${streamId}, which was never opened (RFC 9113 section 6.4).`,
    )
  } else {
    core.failIf(core.abuse.countIdleFrame())
  }
}
