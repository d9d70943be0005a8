import { octetize } from '@h2lab/octets'
import { ErrorCode } from '../../frame/error-code'
import { MAX_STREAM_ID, makeFrame } from '../../frame/frame-header'
import { FrameType } from '../../frame/frame-type'
import { makeGoawayFrame } from '../../frame/goaway'
import type { ConnectionCore } from '../connection-core'

/** Sent behind the first GOAWAY: its acknowledgement shows that the client knows. */
export const DRAIN_PING_FRAME = makeFrame(FrameType.PING, 0, 0, octetize('draining'))

/**
 * Begins a graceful end in two steps, RFC 9113 section 6.8: a GOAWAY that excludes no stream, and when
 * the client has seen it another one with the last stream that was processed. So no
 * request that was on its way is lost.
 */
export function beginDrain(core: ConnectionCore): void {
  if (core.state !== 'open') return
  core.state = 'draining'
  core.output.append(makeGoawayFrame(MAX_STREAM_ID, ErrorCode.NO_ERROR))
  core.output.append(DRAIN_PING_FRAME)
}
