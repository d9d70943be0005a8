import type { OctetVector } from '@h2lab/octets'
import { callHandler } from '../../application/call-handler'
import type { ConnectionCore } from '../connection-core'
import { Http2Request } from '../request/http2-request'
import { type RequestHead, readRequestHead } from '../request/request-head'
import { Http2Response } from '../response/http2-response'
import { sendHeaders, sendRstStream } from '../send/send-frames'
import { Stream } from '../streams/stream'
import { WaitingRequests } from '../streams/waiting-requests'

/** A header block opens a stream: its request goes to the application. Hot path. */
export function receiveRequest(
  core: ConnectionCore,
  streamId: number,
  endStream: boolean,
  octets: OctetVector,
  start: number,
  end: number,
): void {
  const { limits, streams, peer } = core
  const head = readHead(core, octets, start, end)
  if (core.state === 'closed') return
  if (streams.size >= limits.maxConcurrentStreams) {
    core.refuseStream(streamId, 'REFUSED_STREAM', endStream)
    return
  }
  if (head === 'too large') {
    // RFC 6585 section 5: Request Header Fields Too Large.
    answerError(core, streamId, 431, endStream)
    return
  }
  if (head === 'bad path') {
    answerError(core, streamId, 400, endStream)
    return
  }
  if (head === 'malformed' || (endStream && (head.contentLength ?? 0) !== 0)) {
    core.refuseStream(streamId, 'PROTOCOL_ERROR', endStream)
    return
  }
  const stream = new Stream(
    streamId,
    endStream ? 'half-closed (remote)' : 'open',
    peer.initialWindowSize,
    core.initialReceiveWindow,
    takeUrgency(core, streamId, head),
  )
  stream.request = new Http2Request(core, stream, head, endStream)
  stream.response = new Http2Response(core, stream)
  if (core.handlersWait) {
    core.streams.add(stream)
    core.waiting ??= new WaitingRequests()
    core.waiting.add(stream)
    return
  }
  callHandler(core.options, core.options.promises, stream.request, stream.response)
  // Most streams are answered by now; a Map would be changed twice for each.
  if (stream.state !== 'closed' && stream.state !== 'reset') keepStream(core, stream)
}

/** Output was taken: calls the handlers that waited for that, until too much output waits again. */
export function callWaitingHandlers(core: ConnectionCore, waiting: WaitingRequests): void {
  const { options } = core
  while (!core.handlersWait) {
    const stream = waiting.next()
    if (stream === undefined) return
    callHandler(options, options.promises, stream.request, stream.response)
  }
}

function keepStream(core: ConnectionCore, stream: Stream): void {
  if (core.state !== 'closed') {
    core.streams.add(stream)
    return
  }
  // The handler has ended the connection, which didn't know this stream yet.
  stream.state = 'closed'
  core.abandon(stream)
}

/**
 * Decodes and checks a block, or finds what came of it before: clients repeat their blocks octet for
 * octet, as long as the dynamic table stays the same. `npm run bench` (hpack) shows what that spares.
 */
function readHead(
  core: ConnectionCore,
  octets: OctetVector,
  start: number,
  end: number,
): RequestHead | 'malformed' | 'bad path' | 'too large' {
  const { decoder, heads, options } = core
  const { generation } = decoder
  const known = heads.get(octets, start, end, generation)
  if (known !== undefined) return known
  const decoded = decoder.decode(octets, start, end)
  if (decoded.state === 'invalid') {
    core.fail('COMPRESSION_ERROR', decoded.error.message)
    return 'malformed'
  }
  if (decoded.state === 'too-large') return 'too large'
  const result = readRequestHead(decoded.fields, options.extendedConnect)
  if (result.state === 'malformed') return 'malformed'
  if (result.state === 'bad-path') return 'bad path'
  if (decoder.generation === generation) heads.set(octets, start, end, generation, result.head)
  return result.head
}

/** Answers a request that does not reach the application. */
function answerError(
  core: ConnectionCore,
  streamId: number,
  status: number,
  endStream: boolean,
): void {
  sendHeaders(core, streamId, status, [['content-length', '0']], true)
  if (endStream) return
  // The rest of the request is of no use, RFC 9113 section 8.1.
  core.streams.addReset(streamId)
  core.lateData.expect(core.initialReceiveWindow)
  sendRstStream(core, streamId, 'NO_ERROR')
}

function takeUrgency(core: ConnectionCore, streamId: number, head: RequestHead): number {
  const early = core.earlyUrgencies?.get(streamId)
  if (early === undefined) return head.priority.urgency
  core.earlyUrgencies?.delete(streamId)
  return early
}
