import { concatenate, type OctetVector } from '@h2lab/octets'
import { CLIENT_PREFACE } from '../frame/client-preface'
import { ErrorCode } from '../frame/error-code'
import { FrameFlag } from '../frame/frame-flag'
import { MAX_STREAM_ID, makeFrame, writeStreamId } from '../frame/frame-header'
import { FrameType } from '../frame/frame-type'
import { makeGoawayFrame } from '../frame/goaway'
import { makeSettingsFrame, SETTINGS_ACK_FRAME } from '../frame/settings'
import { encodeWithoutDynamicTable } from '../hpack'
import { prepareRequest, type RequestDescription } from './request'

const LOCALHOST: RequestDescription = { authority: 'localhost' }

/**
 * Makes everything a client sends for some requests, as one vector: the preface, SETTINGS, a
 * SETTINGS acknowledgement, the requests on streams 1, 3, 5, ..., and GOAWAY.
 *
 * @param count how many requests
 * @param request the request, without a body. Default: GET / of localhost
 * @throws RangeError if `count` isn't a number of streams that fits into a connection
 */
export function requestsVector(
  count: number,
  request: Omit<RequestDescription, 'body'> = LOCALHOST,
): OctetVector {
  if (!Number.isInteger(count) || count < 0 || count * 2 - 1 > MAX_STREAM_ID) {
    throw new RangeError(`A connection has room for 0 to 2^30 requests, not ${count}.`)
  }
  const headers = makeFrame(
    FrameType.HEADERS,
    FrameFlag.END_STREAM | FrameFlag.END_HEADERS,
    0,
    encodeWithoutDynamicTable(prepareRequest(request).fields),
  )
  return concatenate(
    CLIENT_PREFACE,
    makeSettingsFrame({ ENABLE_PUSH: 0 }),
    SETTINGS_ACK_FRAME,
    repeatedOnStreams(headers, count),
    makeGoawayFrame(0, ErrorCode.NO_ERROR),
  )
}

/** Copies of a frame on the streams 1, 3, 5, ... */
function repeatedOnStreams(frame: OctetVector, count: number): OctetVector {
  const copies = new Uint8Array(frame.length * count)
  for (let index = 0; index < count; index++) {
    copies.set(frame, index * frame.length)
    writeStreamId(copies, index * frame.length, index * 2 + 1)
  }
  return copies
}

/** A destination for octets, such as a socket. */
export interface OctetSink<Result = unknown> {
  write(octets: OctetVector): Result
}

/**
 * Writes {@link requestsVector} in one piece.
 *
 * @returns what the sink's `write` returned
 */
export function sendRequests<Result>(
  sink: OctetSink<Result>,
  count: number,
  request?: Omit<RequestDescription, 'body'>,
): Result {
  return sink.write(requestsVector(count, request))
}
