import type { ErrorCodeName, FieldList } from '@h2lab/mini-http2'
import {
  CLIENT_PREFACE,
  DEFAULT_MAX_FRAME_SIZE,
  ErrorCode,
  FrameFlag,
  FrameType,
  makeFrame,
  makeSettingsFrame,
  type Settings,
} from '@h2lab/mini-http2/frames'
import { encodeWithoutDynamicTable } from '@h2lab/mini-http2/hpack'

/*
 * The frames that a client sends, RFC 9113 section 6, for clients that choose each of them. Nothing is
 * checked: a test may send what an honest client would not.
 */

/** The connection preface: the client's first octets and its SETTINGS, section 3.4. */
export function opening(settings: Settings = {}): Buffer {
  return Buffer.concat([CLIENT_PREFACE, makeSettingsFrame(settings)])
}

/** The first fields of a request to a URL. */
export function requestFields(url: string, method = 'GET', path?: string): FieldList {
  const { protocol, host, pathname, search } = new URL(url)
  return [
    [':method', method],
    [':scheme', protocol.slice(0, -1)],
    [':authority', host],
    [':path', path ?? pathname + search],
  ]
}

/** Header blocks that were encoded before, so that clients with many requests are not slow themselves. */
const blocks = new WeakMap<FieldList, Uint8Array>()

/** HEADERS, and CONTINUATION for a long header block. The request ends here unless it is `open`. */
export function headersFrames(
  streamId: number,
  fields: FieldList,
  end: 'complete' | 'open' = 'complete',
): Buffer {
  let block = blocks.get(fields)
  if (block === undefined) {
    block = encodeWithoutDynamicTable(fields)
    blocks.set(fields, block)
  }
  const frames: Buffer[] = []
  for (let start = 0; start < block.length; start += DEFAULT_MAX_FRAME_SIZE) {
    const stop = Math.min(start + DEFAULT_MAX_FRAME_SIZE, block.length)
    const flags =
      (start === 0 && end === 'complete' ? FrameFlag.END_STREAM : 0) |
      (stop === block.length ? FrameFlag.END_HEADERS : 0)
    const type = start === 0 ? FrameType.HEADERS : FrameType.CONTINUATION
    frames.push(frame(type, flags, streamId, block.subarray(start, stop)))
  }
  return Buffer.concat(frames)
}

/** DATA; `last` ends the request. */
export function dataFrame(streamId: number, octets: Uint8Array, last: boolean): Buffer {
  return frame(FrameType.DATA, last ? FrameFlag.END_STREAM : 0, streamId, octets)
}

/** PRIORITY as sent by clients based on nghttp2: no dependency, weight 16. */
export function priorityFrame(streamId: number): Buffer {
  return frame(FrameType.PRIORITY, 0, streamId, Uint8Array.of(0, 0, 0, 0, 15))
}

/** PRIORITY_UPDATE, RFC 9218 section 7.1. */
export function priorityUpdateFrame(streamId: number, value: string): Buffer {
  return frame(
    FrameType.PRIORITY_UPDATE,
    0,
    0,
    Buffer.concat([uint32(streamId), Buffer.from(value)]),
  )
}

/** RST_STREAM. */
export function rstStreamFrame(streamId: number, code: ErrorCodeName = 'CANCEL'): Buffer {
  return frame(FrameType.RST_STREAM, 0, streamId, uint32(ErrorCode[code]))
}

/** WINDOW_UPDATE; stream 0 is the connection. */
export function windowUpdateFrame(streamId: number, increment: number): Buffer {
  return frame(FrameType.WINDOW_UPDATE, 0, streamId, uint32(increment))
}

/** PING, not an acknowledgement. */
export function pingFrame(): Buffer {
  return frame(FrameType.PING, 0, 0, Buffer.from('8 octets'))
}

function frame(type: number, flags: number, streamId: number, payload: Uint8Array): Buffer {
  return Buffer.from(makeFrame(type, flags, streamId, payload))
}

function uint32(value: number): Buffer {
  const octets = Buffer.alloc(4)
  octets.writeUInt32BE(value)
  return octets
}
