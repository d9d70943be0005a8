import { copyOctets, type OctetVector, octetsEqual } from '@h2lab/octets'
import { FrameFlag } from '../../frame/frame-flag'
import { FRAME_HEADER_LENGTH, getFrameFlags } from '../../frame/frame-header'
import { PING_LENGTH } from '../../frame/ping'
import type { ConnectionCore } from '../connection-core'
import { DRAIN_PING_FRAME } from '../going-away'

/** PING, RFC 9113 section 6.7: answers with the same payload. */
export function receivePing(core: ConnectionCore, octets: OctetVector, offset: number): void {
  const { abuse, goingAway, output } = core
  const end = offset + FRAME_HEADER_LENGTH + PING_LENGTH
  if ((getFrameFlags(octets, offset) & FrameFlag.ACK) === 0) {
    const answer = copyOctets(octets, offset, end)
    answer[4] = FrameFlag.ACK
    output.append(answer)
    core.failIf(abuse.countIdleFrame() ?? abuse.countAcknowledgement())
    return
  }
  core.failIf(abuse.countIdleFrame())
  const payload = octets.subarray(offset + FRAME_HEADER_LENGTH, end)
  const wanted = DRAIN_PING_FRAME.subarray(FRAME_HEADER_LENGTH)
  // The client has seen the first GOAWAY: no more requests are in flight.
  if (goingAway.state === 'draining' && octetsEqual(payload, wanted)) goingAway.nameLastStream()
}
