import { FrameFlag } from '../../frame/frame-flag'
import {
  DEFAULT_MAX_FRAME_SIZE,
  FRAME_HEADER_LENGTH,
  writeFrameHeader,
  writeStreamId,
} from '../../frame/frame-header'
import { FrameType } from '../../frame/frame-type'
import type { PrebuiltResponse } from '../../prebuilt/prebuild-response'
import type { ConnectionCore } from '../connection-core'
import type { Stream } from '../streams/stream'
import { endSending, maySendAtOnce, sendBody } from './send-body'
import { countData, sendHeaders } from './send-frames'

/**
 * Sends a prebuilt response, without a `date` unless it was built with one. Hot path: usually a copy of its frames with the stream identifier
 * patched in, which spares the encoding; `npm run bench` (connection) has both.
 *
 * @param headOnly for HEAD: without the body
 */
export function sendPrebuilt(
  core: ConnectionCore,
  stream: Stream,
  prebuilt: PrebuiltResponse,
  headOnly: boolean,
): void {
  const { body, parts } = prebuilt
  const asItIs =
    !headOnly &&
    !core.encoder.hasPendingUpdate &&
    parts.length === 1 &&
    maySendAtOnce(core, stream, body.length)
  if (asItIs) {
    const { octets, frameOffsets } = parts[0]!
    const offset = core.output.reserve(octets.length)
    const output = core.output.octets
    output.set(octets, offset)
    for (let index = 0; index < frameOffsets.length; index++) {
      writeStreamId(output, offset + frameOffsets[index]!, stream.id)
    }
    countData(core, stream, body.length)
    endSending(core, stream)
    return
  }
  const withBody = body.length > 0 && !headOnly
  sendHead(core, stream.id, prebuilt, !withBody)
  if (withBody) sendBody(core, stream, body, 'end')
  else endSending(core, stream)
}

function sendHead(
  core: ConnectionCore,
  streamId: number,
  prebuilt: PrebuiltResponse,
  endStream: boolean,
): void {
  const { headerBlock, status, headers } = prebuilt
  if (core.encoder.hasPendingUpdate || headerBlock.length > DEFAULT_MAX_FRAME_SIZE) {
    sendHeaders(core, streamId, status, headers, endStream, false)
    return
  }
  const offset = core.output.reserve(FRAME_HEADER_LENGTH)
  const flags = FrameFlag.END_HEADERS | (endStream ? FrameFlag.END_STREAM : 0)
  writeFrameHeader(
    core.output.octets,
    offset,
    headerBlock.length,
    FrameType.HEADERS,
    flags,
    streamId,
  )
  core.output.append(headerBlock)
}
