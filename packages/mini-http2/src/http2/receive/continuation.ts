import { copyOctets, type OctetVector } from '@h2lab/octets'
import { checkContinuationFrame } from '../../frame/continuation'
import { FrameFlag } from '../../frame/frame-flag'
import {
  FRAME_HEADER_LENGTH,
  getFrameFlags,
  getFrameSize,
  getStreamId,
} from '../../frame/frame-header'
import type { ConnectionCore } from '../connection-core'
import { processHeaderBlock } from './process-header-block'

/** CONTINUATION, RFC 9113 section 6.10: the next fragment of a header block. */
export function receiveContinuation(
  core: ConnectionCore,
  octets: OctetVector,
  offset: number,
): void {
  const fault = checkContinuationFrame(octets, offset)
  if (fault !== undefined) {
    core.failBy(fault)
    return
  }
  const streamId = getStreamId(octets, offset)
  const block = core.headerBlock
  if (block?.streamId !== streamId) {
    core.fail(
      'PROTOCOL_ERROR',
      `A CONTINUATION frame on stream ${streamId} continues no header block (RFC 9113 section 6.10).`,
    )
    return
  }
  const start = offset + FRAME_HEADER_LENGTH
  block.add(copyOctets(octets, start, start + getFrameSize(octets, offset)))
  const { maxContinuationFrames } = core.limits
  if (block.continuations > maxContinuationFrames) {
    core.fail(
      'ENHANCE_YOUR_CALM',
      `A header block has more than ${maxContinuationFrames} CONTINUATION frames.`,
    )
    return
  }
  if ((getFrameFlags(octets, offset) & FrameFlag.END_HEADERS) === 0) return
  core.headerBlock = undefined
  const whole = block.octets()
  processHeaderBlock(core, streamId, block.purpose, block.endStream, whole, 0, whole.length)
}
