import type { OctetVector } from '@h2lab/octets'
import { callHandler } from '../../application/call-handler'
import { type Decoder, RepeatedBlockCache } from '../../hpack'
import type { ConnectionCore } from '../connection-core'
import { listMemory } from '../limits/memory'
import { blockCost, PROMISE_COST } from '../limits/work'
import { Http2Request } from '../request/http2-request'
import { type RequestHead, readRequestHead } from '../request/request-head'
import { Http2Response } from '../response/http2-response'
import { refuseStream } from '../stream-ends'
import { Stream } from '../streams/stream'
import { awaitBody } from './owed-bodies'

type HeadFault = 'malformed' | 'bad path' | 'too large'

/** Passes the requests that open streams to the application. */
export class Requests {
  readonly #core: ConnectionCore
  readonly #decoder: Decoder
  /** The heads of repeated header blocks. */
  readonly #heads = new RepeatedBlockCache<RequestHead>()

  /** @param decoder decodes all header blocks of the connection */
  constructor(core: ConnectionCore, decoder: Decoder) {
    this.#core = core
    this.#decoder = decoder
  }

  /**
   * Opens a stream for a header block. Hot path: rare cases are in separate functions, because V8
   * limits how much it inlines; `npm run bench` (connection).
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
      (streams.taken > 0 && !streams.hasRoom(core.limits.maxConcurrentStreams)) ||
      (endStream && announcesContent(head))
    ) {
      this.#refuse(streamId, endStream, head)
      return
    }
    const stream = this.#newStream(streamId, endStream, head)
    if (core.handlersWait) {
      streams.addWaiting(stream)
      return
    }
    this.#callHandler(stream)
    // Most streams have ended by now. Adding those to the Map would change it twice per request.
    if (!stream.isOver) this.#keep(stream)
  }

  /** A separate function, so that V8 inlines the three constructors. */
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

  #callHandler(stream: Stream): void {
    const { options, work } = this.#core
    callHandler(options, options.promises, stream.request, stream.response, stream)
    if (stream.isHandled) work.spend(PROMISE_COST)
  }

  /** Refuses a request that doesn't reach the application. */
  #refuse(streamId: number, endStream: boolean, head: RequestHead | HeadFault): void {
    const core = this.#core
    if (core.goingAway.isClosed) return
    const window = endStream ? 0 : core.own.initialWindowSize
    if (core.streams.taken >= core.limits.maxConcurrentStreams) {
      refuseStream(core, streamId, window, 'REFUSED_STREAM')
      // Until it has acknowledged our SETTINGS, the client doesn't know how many streams it may
      // open.
      if (core.own.acknowledged) core.failIf(core.abuse.countReset())
    } else if (head === 'too large' || head === 'bad path') {
      // RFC 6585 section 5: Request Header Fields Too Large.
      this.#answerError(streamId, head === 'too large' ? 431 : 400, endStream)
    } else if (head === 'malformed' || (endStream && announcesContent(head))) {
      refuseStream(core, streamId, window, 'PROTOCOL_ERROR')
      core.failIf(core.abuse.countReset())
    } else {
      // No fault of the client, which doesn't know how much memory there is.
      refuseStream(core, streamId, window, 'REFUSED_STREAM')
    }
  }

  /** Calls waiting handlers until too much output is pending again, or the turn is over. */
  callWaitingHandlers(): void {
    const { streams, work } = this.#core
    while (streams.hasWaiting && !this.#core.handlersWait && work.takeOne()) {
      const stream = streams.nextWaiting()
      if (stream === undefined) return
      this.#callHandler(stream)
    }
  }

  #keep(stream: Stream): void {
    const { streams, goingAway } = this.#core
    if (!goingAway.isClosed) {
      streams.add(stream)
      if (stream.state === 'open') awaitBody(this.#core, stream)
      return
    }
    // The handler has ended the connection, which didn't know this stream yet.
    streams.drop(stream, 'lose connection')
  }

  /**
   * Decodes and checks a block, or returns the cached result: clients repeat their blocks octet for
   * octet while the dynamic table stays the same. Benchmark: `npm run bench` (hpack).
   */
  #readHead(octets: OctetVector, start: number, end: number): RequestHead | HeadFault {
    const { generation } = this.#decoder
    const known = this.#heads.get(octets, start, end, generation)
    return known ?? this.#decodeHead(octets, start, end, generation)
  }

  #decodeHead(
    octets: OctetVector,
    start: number,
    end: number,
    generation: number,
  ): RequestHead | HeadFault {
    const decoder = this.#decoder
    const decoded = decoder.decode(octets, start, end)
    if (decoded.state === 'invalid') {
      this.#core.fail('COMPRESSION_ERROR', decoded.error.message)
      return 'malformed'
    }
    this.#core.work.spend(blockCost(end - start, decoded.fields.length))
    if (decoded.state === 'too-large') return 'too large'
    if (decoded.fault !== undefined) return 'malformed'
    const result = readRequestHead(
      decoded.fields,
      this.#core.options.extendedConnect,
      listMemory(end - start, decoded.fields.length, decoder.tableSize),
    )
    if (result.state === 'malformed') return 'malformed'
    if (result.state === 'bad-path') return 'bad path'
    if (decoder.generation === generation) {
      this.#heads.set(octets, start, end, generation, result.head)
    }
    return result.head
  }

  /** Answers a request that doesn't reach the application. */
  #answerError(streamId: number, status: number, endStream: boolean): void {
    const core = this.#core
    core.heads.send(streamId, status, [['content-length', '0']], true)
    if (endStream) return
    // The rest of the request isn't needed, RFC 9113 section 8.1.
    refuseStream(core, streamId, core.own.initialWindowSize, 'NO_ERROR')
  }
}

function announcesContent(head: RequestHead): boolean {
  return head.contentLength !== undefined && head.contentLength > 0
}
