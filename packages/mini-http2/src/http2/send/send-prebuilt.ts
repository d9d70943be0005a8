import { concatenate, type OctetVector } from '@h2lab/octets'
import { FrameFlag } from '../../frame/frame-flag'
import {
  DEFAULT_MAX_FRAME_SIZE,
  FRAME_HEADER_LENGTH,
  getFrameFlags,
  writeFrameHeader,
  writeStreamId,
} from '../../frame/frame-header'
import { FrameType } from '../../frame/frame-type'
import { NO_CONTENT } from '../../message/content'
import type { PrebuiltPart, PrebuiltResponse } from '../../prebuilt/prebuild-response'
import type { ConnectionCore } from '../connection-core'
import type { Stream } from '../streams/stream'
import { DATE_BLOCK_LENGTH, hasDate } from './date-field'
import { endSending, maySendAtOnce, sendBody } from './send-body'
import { countData, sendHeaders } from './send-frames'

/** With a `date` behind it, a longer block wouldn't fit into one frame. */
const LONGEST_BLOCK = DEFAULT_MAX_FRAME_SIZE - DATE_BLOCK_LENGTH

/**
 * Sends a prebuilt response, with a `date` unless it has one. Hot path: usually a copy of its frames with the
 * stream identifier patched in, which spares the encoding; `npm run bench` (connection) has both.
 *
 * @param headOnly for HEAD: without the body
 */
export function sendPrebuilt(
  core: ConnectionCore,
  stream: Stream,
  prebuilt: PrebuiltResponse,
  headOnly: boolean,
): void {
  const { body, parts, headerBlock } = prebuilt
  const asItIs =
    !headOnly &&
    headerBlock.length <= LONGEST_BLOCK &&
    !core.encoder.hasPendingUpdate &&
    parts.length === 1 &&
    maySendAtOnce(core, stream, body.length)
  if (asItIs) {
    const { octets, frameOffsets } = wholePart(core, prebuilt)
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
  if (core.encoder.hasPendingUpdate || headerBlock.length > LONGEST_BLOCK) {
    sendHeaders(core, streamId, status, headers, endStream)
    return
  }
  const date = dateFor(core, prebuilt)
  const length = headerBlock.length + date.length
  const offset = core.output.reserve(FRAME_HEADER_LENGTH)
  const flags = FrameFlag.END_HEADERS | (endStream ? FrameFlag.END_STREAM : 0)
  writeFrameHeader(core.output.octets, offset, length, FrameType.HEADERS, flags, streamId)
  core.output.append(headerBlock)
  core.output.append(date)
}

/** The encoded `date` to add to a response's head; nothing if it has one, or none is wanted. */
function dateFor(
  { options: { date }, busy }: ConnectionCore,
  { headers }: PrebuiltResponse,
): OctetVector {
  if (date === undefined || hasDate(headers)) return NO_CONTENT
  date.update(busy)
  return date.block
}

/** A prebuilt response of one part, with the `date` of a second. */
interface DatedPart extends PrebuiltPart {
  readonly version: number
}

/** What was sent last of each, common to all connections. */
const datedParts = new WeakMap<PrebuiltResponse, DatedPart>()

/** The only part of a prebuilt response, with `date`. Hot path: it is made once a second. */
function wholePart(core: ConnectionCore, prebuilt: PrebuiltResponse): PrebuiltPart {
  const { date } = core.options
  if (date === undefined) return prebuilt.parts[0]!
  const version = date.update(core.busy)
  const known = datedParts.get(prebuilt)
  if (known?.version === version) return known
  const part = { ...partWithDate(prebuilt, date.block), version }
  datedParts.set(prebuilt, part)
  return part
}

/** Puts `date` behind the fields of a header block that takes one frame. */
function partWithDate(
  { headers, headerBlock, parts }: PrebuiltResponse,
  date: OctetVector,
): PrebuiltPart {
  const part = parts[0]!
  if (hasDate(headers)) return part
  const { octets, frameOffsets } = part
  const blockEnd = FRAME_HEADER_LENGTH + headerBlock.length
  const length = headerBlock.length + date.length
  const dated = concatenate(octets.subarray(0, blockEnd), date, octets.subarray(blockEnd))
  writeFrameHeader(dated, 0, length, FrameType.HEADERS, getFrameFlags(octets), 0)
  return {
    octets: dated,
    frameOffsets: frameOffsets.map((offset, index) => (index === 0 ? 0 : offset + date.length)),
  }
}
