import { writeStreamId } from '../../frame/frame-header'
import type { PrebuiltResponse } from '../../prebuilt/prebuild-response'
import type { ConnectionCore } from '../connection-core'
import { endSending } from '../stream-ends'
import type { Stream } from '../streams/stream'
import { countData, maySendAtOnce, sendBody } from './bodies'

/**
 * Sends a prebuilt response, without a `date` unless it was built with one. Hot path: usually
 * copies its frames and patches the stream identifier, which avoids encoding. Benchmark: `npm run
 * bench` (connection), both cases.
 *
 * @param headOnly for HEAD: omits the body
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
    core.heads.takesBlocks &&
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
  core.heads.sendPrebuilt(stream.id, prebuilt, !withBody)
  if (withBody) sendBody(core, stream, body, 'end')
  else endSending(core, stream)
}
