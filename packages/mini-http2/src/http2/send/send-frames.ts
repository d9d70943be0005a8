import type { ErrorCodeName } from '../../frame/error-code'
import { ErrorCode } from '../../frame/error-code'
import { FrameFlag } from '../../frame/frame-flag'
import { FRAME_HEADER_LENGTH, writeFrameHeader } from '../../frame/frame-header'
import { FrameType } from '../../frame/frame-type'
import { makeRstStreamFrame } from '../../frame/rst-stream'
import { makeWindowUpdateFrame } from '../../frame/window-update'
import type { FieldList } from '../../message/fields'
import type { ConnectionCore } from '../connection-core'
import { MOST_WINDOW_UPDATES, windowUpdatesFor } from '../limits/frame-allowances'
import type { Stream } from '../streams/stream'
import { mayReceiveData, transition } from '../streams/stream-state'
import { hasDate } from './date-field'

/**
 * Sends a header block: a response's head, an informational one, or trailers. Hot path.
 *
 * @param status undefined for trailers
 * @param addsDate whether a final response's head gets a `date` unless it has one; a prebuilt one does not
 */
export function sendHeaders(
  core: ConnectionCore,
  streamId: number,
  status: number | undefined,
  fields: FieldList,
  endStream: boolean,
  addsDate = true,
): void {
  const { output, encoder } = core
  const before = output.length
  output.reserve(FRAME_HEADER_LENGTH)
  encoder.beginBlock(output)
  if (status !== undefined) encoder.encodeField(output, ':status', STATUS_TEXTS[status]!)
  for (const field of fields) encoder.encodeField(output, field[0], field[1], field[2])
  if (addsDate && status !== undefined && status >= 200) addDate(core, fields)
  const size = output.length - before - FRAME_HEADER_LENGTH
  if (size > core.peer.maxFrameSize) {
    splitHeaders(core, streamId, size, endStream)
    return
  }
  // The buffer may have moved while it grew: the frame header is counted from the end.
  const end = output.reserve(0)
  const flags = FrameFlag.END_HEADERS | (endStream ? FrameFlag.END_STREAM : 0)
  const start = end - size - FRAME_HEADER_LENGTH
  writeFrameHeader(output.octets, start, size, FrameType.HEADERS, flags, streamId)
}

function addDate(core: ConnectionCore, fields: FieldList): void {
  const { date } = core.options
  if (date === undefined || hasDate(fields)) return
  date.update(core.busy)
  core.encoder.encodeField(core.output, 'date', date.text)
}

/** The block at the output's end is too long for one frame: the rest goes into CONTINUATION. */
function splitHeaders(
  core: ConnectionCore,
  streamId: number,
  size: number,
  endStream: boolean,
): void {
  const { output, peer } = core
  const end = output.reserve(0)
  const block = output.octets.slice(end - size, end)
  output.unreserve(size + FRAME_HEADER_LENGTH)
  for (let start = 0; start < size; start += peer.maxFrameSize) {
    const fragment = block.subarray(start, start + peer.maxFrameSize)
    const first = start === 0
    const last = start + fragment.length === size
    const flags =
      (first && endStream ? FrameFlag.END_STREAM : 0) | (last ? FrameFlag.END_HEADERS : 0)
    const type = first ? FrameType.HEADERS : FrameType.CONTINUATION
    const offset = output.reserve(FRAME_HEADER_LENGTH)
    writeFrameHeader(output.octets, offset, fragment.length, type, flags, streamId)
    output.append(fragment)
  }
}

/** `:status` of each status as text, since a number would be converted for each response. */
const STATUS_TEXTS: readonly string[] = Array.from({ length: 600 }, (_, status) => String(status))

/**
 * Begins a DATA frame whose content the caller writes at the offset that is returned. Hot path. The
 * windows have to be open for it.
 */
export function beginData(
  core: ConnectionCore,
  stream: Stream,
  size: number,
  endStream: boolean,
): number {
  const { output } = core
  const offset = output.reserve(FRAME_HEADER_LENGTH + size)
  const flags = endStream ? FrameFlag.END_STREAM : 0
  writeFrameHeader(output.octets, offset, size, FrameType.DATA, flags, stream.id)
  countData(core, stream, size)
  return offset + FRAME_HEADER_LENGTH
}

/** Takes octets of DATA out of the windows. */
export function countData(core: ConnectionCore, stream: Stream, size: number): void {
  core.sendWindow -= size
  stream.sendWindow -= size
  const explained = core.explainedWindowUpdates + windowUpdatesFor(size)
  core.explainedWindowUpdates = Math.min(explained, MOST_WINDOW_UPDATES)
}

/** Sends WINDOW_UPDATE; stream 0 is the connection. */
export function sendWindowUpdate(core: ConnectionCore, streamId: number, increment: number): void {
  core.output.append(makeWindowUpdateFrame(streamId, increment))
}

/** Ends a stream by RST_STREAM; what the client still sends on it will be ignored. */
export function sendReset(core: ConnectionCore, stream: Stream, code: ErrorCodeName): void {
  const change = transition(stream.state, 'send RST_STREAM')
  if (change.kind !== 'next') return
  if (mayReceiveData(stream)) core.lateData.expect(stream.receiveWindow)
  stream.state = change.state
  core.forget(stream)
  sendRstStream(core, stream.id, code)
}

/** Writes an RST_STREAM frame. */
export function sendRstStream(core: ConnectionCore, streamId: number, code: ErrorCodeName): void {
  core.output.append(makeRstStreamFrame(streamId, ErrorCode[code]))
}
