import type { OctetVector } from '@h2lab/octets'
import { callHandler } from '../../application/call-handler'
import { type Decoder, RepeatedBlockCache } from '../../hpack'
import type { ConnectionCore } from '../connection-core'
import { Http2Request } from '../request/http2-request'
import { type RequestHead, readRequestHead } from '../request/request-head'
import { Http2Response } from '../response/http2-response'
import { refuseStream } from '../stream-ends'
import { Stream } from '../streams/stream'

type HeadFault = 'malformed' | 'bad path' | 'too large'

/** The requests that a client opens streams with: they go to the application. */
export class Requests {
  readonly #core: ConnectionCore
  readonly #decoder: Decoder
  /** The heads of header blocks that clients send again and again. */
  readonly #heads = new RepeatedBlockCache<RequestHead>()

  /** @param decoder that of all header blocks of the connection */
  constructor(core: ConnectionCore, decoder: Decoder) {
    this.#core = core
    this.#decoder = decoder
  }

  /**
   * A header block opens a stream. Hot path: what is rare is in functions of its own, since V8 compiles into their
   * caller only so much; `npm run bench` (connection).
   */
  open(
    streamId: number,
    endStream: boolean,
    octets: OctetVector,
    start: number,
    end: number,
  ): void {
    const core = this.#core
    const { streams } = core
    const head = this.#readHead(octets, start, end)
    if (
      typeof head === 'string' ||
      streams.size >= core.limits.maxConcurrentStreams ||
      (endStream && head.contentLength !== undefined && head.contentLength > 0)
    ) {
      this.#refuse(streamId, endStream, typeof head === 'string' ? head : 'malformed')
      return
    }
    const stream = this.#newStream(streamId, endStream, head)
    if (core.handlersWait) {
      streams.addWaiting(stream)
      return
    }
    this.#callHandler(stream)
    // Most streams are answered by now; a Map would be changed twice for each.
    if (!stream.isOver) this.#keep(stream)
  }

  /** A function of its own, so that V8 compiles the three constructors into it. */
  #newStream(streamId: number, endStream: boolean, head: RequestHead): Stream {
    const core = this.#core
    const stream = new Stream(
      streamId,
      endStream,
      core.peer.initialWindowSize,
      core.own.initialWindowSize,
      core.streams.takeEarlyUrgency(streamId) ?? head.urgency,
    )
    stream.connect(new Http2Request(core, stream, head, endStream), new Http2Response(core, stream))
    return stream
  }

  #callHandler({ request, response }: Stream): void {
    const { options } = this.#core
    callHandler(options, options.promises, request, response)
  }

  /** A request that does not reach the application. */
  #refuse(streamId: number, endStream: boolean, reason: HeadFault): void {
    const core = this.#core
    if (core.goingAway.isClosed) return
    const window = endStream ? 0 : core.own.initialWindowSize
    if (core.streams.size >= core.limits.maxConcurrentStreams) {
      refuseStream(core, streamId, window, 'REFUSED_STREAM')
      // Before its acknowledgement of our SETTINGS a client does not know how many streams it may open.
      if (core.own.acknowledged) core.failIf(core.abuse.countReset())
    } else if (reason === 'malformed') {
      refuseStream(core, streamId, window, 'PROTOCOL_ERROR')
      core.failIf(core.abuse.countReset())
    } else {
      // RFC 6585 section 5: Request Header Fields Too Large.
      this.#answerError(streamId, reason === 'too large' ? 431 : 400, endStream)
    }
  }

  /** Output was taken: calls the handlers that waited for that, until too much output waits again. */
  callWaitingHandlers(): void {
    const { streams } = this.#core
    while (!this.#core.handlersWait) {
      const stream = streams.nextWaiting()
      if (stream === undefined) return
      this.#callHandler(stream)
    }
  }

  #keep(stream: Stream): void {
    const { streams, goingAway } = this.#core
    if (!goingAway.isClosed) {
      streams.add(stream)
      return
    }
    // The handler has ended the connection, which didn't know this stream yet.
    streams.drop(stream, 'lose connection')
  }

  /**
   * Decodes and checks a block, or finds what came of it before: clients repeat their blocks octet for octet, as long
   * as the dynamic table stays the same. `npm run bench` (hpack) shows what that spares.
   */
  #readHead(octets: OctetVector, start: number, end: number): RequestHead | HeadFault {
    const decoder = this.#decoder
    const { generation } = decoder
    const known = this.#heads.get(octets, start, end, generation)
    if (known !== undefined) return known
    const decoded = decoder.decode(octets, start, end)
    if (decoded.state === 'invalid') {
      this.#core.fail('COMPRESSION_ERROR', decoded.error.message)
      return 'malformed'
    }
    if (decoded.state === 'too-large') return 'too large'
    const result = readRequestHead(decoded.fields, this.#core.options.extendedConnect)
    if (result.state === 'malformed') return 'malformed'
    if (result.state === 'bad-path') return 'bad path'
    if (decoder.generation === generation) {
      this.#heads.set(octets, start, end, generation, result.head)
    }
    return result.head
  }

  /** Answers a request that does not reach the application. */
  #answerError(streamId: number, status: number, endStream: boolean): void {
    const core = this.#core
    core.heads.send(streamId, status, [['content-length', '0']], true)
    if (endStream) return
    // The rest of the request is of no use, RFC 9113 section 8.1.
    refuseStream(core, streamId, core.own.initialWindowSize, 'NO_ERROR')
  }
}
