import { ClientPrefaceMismatchError, ConnectionError, type ErrorCodeName } from '@h2lab/mini-http2'
import {
  ErrorCode,
  errorCodeName,
  FRAME_HEADER_LENGTH,
  FrameFlag,
  FrameType,
  getFrameFlags,
  getFrameSize,
} from '@h2lab/mini-http2/frames'
import {
  type Connection,
  type ConnectionState,
  callHandler,
  TokenBucket,
} from '@h2lab/mini-http2/protocol'
import { LARGE_RUN_SIZE, type OctetVector, OutputBuffer, readUint32 } from '@h2lab/octets'
import { type Address, addressOf, readAddress } from '@h2lab/tls-context/native'
import {
  addSession,
  removeSession,
  SENSITIVE,
  type SessionEvents,
  sharedCallbacks,
} from './callbacks'
import { ClientPresence } from './client-presence'
import { FieldBlock } from './field-block'
import { FrameWatch } from './frame-watch'
import { nghttp2 } from './library'
import { frameHead, readFrameHead } from './memory'
import { Nghttp2Stream } from './nghttp2-stream'
import type { Nghttp2Options } from './options'

/** NGHTTP2_ERR_BAD_CLIENT_MAGIC: the input doesn't begin with the client preface. */
const BAD_CLIENT_MAGIC = -903
/** NGHTTP2_ERR_FLOODED: too many acknowledgements wait. */
const FLOODED = -904

/** What each field counts besides its octets, RFC 9113 section 6.5.2. */
const FIELD_OVERHEAD = 32

/** Where a frame's header has the stream identifier, RFC 9113 section 4.1. */
const STREAM_ID_AT = 5

/**
 * How long a client has to show that it has seen the first GOAWAY, in milliseconds, as in the protocol `http2`.
 * Without an answer the second GOAWAY goes out.
 */
const DRAIN_TIMEOUT = 500

/** Sent behind the first GOAWAY: its acknowledgement shows that the client knows. */
const DRAIN_PING = Buffer.from('draining')

/** Any octet answers it; these ones say what it is for. */
const KEEP_ALIVE_PING = Buffer.from('still up')

/** Where nghttp2 tells the address of its output. */
const outputPointer = Buffer.from(new ArrayBuffer(8))
let addressOfOutputPointer: Address | undefined

/**
 * The server side of HTTP/2 by nghttp2, the C library inside the Node binary: the same server built
 * with a full HTTP/2 package, to compare ease and speed. For loops that block: handlers answer
 * before they return.
 */
export class Nghttp2Connection implements Connection, SessionEvents {
  /** Never called: no handler answers later. */
  onOutputReady?: () => void

  /** nghttp2 takes all input at once. */
  readonly holdsInput = false

  readonly #options: Nghttp2Options
  readonly #number: number
  /** Freed when the socket is gone. */
  #session: Address | undefined
  readonly #output = new OutputBuffer()
  readonly #streams = new Map<number, Nghttp2Stream>()
  /** Requests that are complete and not answered yet: nothing of ours runs while nghttp2 does. */
  #ready: Nghttp2Stream[] = []
  /** The header block that is being decoded. */
  #fields = new FieldBlock()
  #fieldsSize = 0
  #state: ConnectionState = 'open'
  #error: ConnectionError | undefined
  #settings: 'not received' | 'received' | 'acknowledged' = 'not received'
  /** What a graceful end has come to, RFC 9113 section 6.8. */
  #goaway: 'none' | 'announced' | 'final' = 'none'
  #drainingSince = Number.POSITIVE_INFINITY
  readonly #frames: FrameWatch
  readonly #resets: TokenBucket
  #tooManyResets = false
  readonly #presence: ClientPresence
  /** How many PINGs that asked whether the client is there are to be acknowledged before any other. */
  #keepAlivePings = 0
  #now: number
  readonly #startedAt: number
  /** When octets were received or output was taken last. */
  #activeAt: number
  /** When a request or a response went on last: its HEADERS or DATA were received or sent. */
  #progressAt: number
  /** How many requests don't have their whole response yet. */
  #unfinished = 0

  /**
   * @param options shared by all connections of a server, from `toNghttp2Options`
   * @param now the time in milliseconds, on the clock of {@link tick}
   */
  constructor(options: Nghttp2Options, now: number) {
    this.#options = options
    this.#now = now
    this.#startedAt = now
    this.#activeAt = now
    this.#progressAt = now
    const { limits } = options
    this.#frames = new FrameWatch(limits, now)
    this.#resets = new TokenBucket(limits.resetBurst, limits.resetsPerSecond, now)
    this.#presence = new ClientPresence(limits, now)
    this.#number = addSession(this)
    this.#session = this.#newSession()
  }

  get state(): ConnectionState {
    return this.#state
  }

  get error(): ConnectionError | undefined {
    return this.#error
  }

  get idle(): boolean {
    return this.#unfinished === 0 && this.#output.length === 0
  }

  get deadline(): number {
    if (this.#state === 'closed') return Number.POSITIVE_INFINITY
    const { limits } = this.#options
    if (this.#settings === 'not received') return this.#startedAt + limits.prefaceTimeout
    const next = Math.min(
      this.#streams.size === 0
        ? this.#activeAt + limits.idleTimeout
        : this.#progressAt + limits.stalledResponseTimeout,
      this.#headerBlockDeadline(),
      this.#drainDeadline(),
      this.#presenceDeadline(),
    )
    return this.#settings === 'acknowledged'
      ? next
      : Math.min(next, this.#startedAt + limits.settingsTimeout)
  }

  receive(octets: OctetVector): void {
    const session = this.#session
    if (octets.length === 0 || session === undefined || this.#state === 'closed') return
    this.#activeAt = this.#now
    this.#presence.onInput(this.#now)
    const processed = nghttp2().nghttp2_session_mem_recv(session, octets, octets.length)
    if (processed < 0) this.#failBy(processed, octets)
    else if (this.#tooManyResets) this.#failByResets()
    else if (!this.#frames.receive(octets, this.#now)) this.#failByIdleFrames()
    this.#answerReady()
  }

  takeOutput(): OctetVector | undefined {
    const session = this.#session
    if (session === undefined) return this.#output.take()
    addressOfOutputPointer ??= addressOf(outputPointer)
    const { nghttp2_session_mem_send: send } = nghttp2()
    // The body of a response stays where it is until nghttp2 asks for it.
    while (this.#output.length < LARGE_RUN_SIZE) {
      const length = send(session, addressOfOutputPointer)
      if (length <= 0) break
      this.#copyOutput(length)
    }
    const run = this.#output.take()
    if (run !== undefined) this.#onOutput()
    else if (this.#state === 'draining' && !this.#wantsAnything(session)) this.#close()
    return run
  }

  giveBack(run: OctetVector): void {
    this.#output.giveBack(run)
  }

  tick(now: number): void {
    this.#now = now
    if (now < this.deadline) return
    const { limits } = this.#options
    if (this.#settings === 'not received') {
      this.#fail(
        'PROTOCOL_ERROR',
        `The client preface did not arrive within ${limits.prefaceTimeout} ms.`,
      )
    } else if (this.#settings === 'received' && now >= this.#startedAt + limits.settingsTimeout) {
      this.#fail(
        'SETTINGS_TIMEOUT',
        `The client has not acknowledged SETTINGS within ${limits.settingsTimeout} ms (RFC 9113 section 6.5.3).`,
      )
    } else if (now >= this.#headerBlockDeadline()) {
      this.#fail(
        'ENHANCE_YOUR_CALM',
        `A header block was not complete within ${limits.headerBlockTimeout} ms.`,
      )
    } else if (now >= this.#drainDeadline()) {
      this.#sendFinalGoaway()
    } else if (now >= this.#presenceDeadline()) {
      this.#checkPresence(now)
    } else if (this.#unfinished > 0) {
      this.#fail(
        'ENHANCE_YOUR_CALM',
        `Nothing moved for ${limits.stalledResponseTimeout} ms while responses waited.`,
      )
    } else if (this.#streams.size > 0) {
      this.#endAnsweredRequests()
    } else if (this.#state === 'open') {
      // An idle connection is nobody's fault: it ends in good order.
      this.#activeAt = now
      this.drain()
    } else {
      this.#close()
    }
  }

  drain(): void {
    const session = this.#session
    if (this.#state !== 'open' || session === undefined) return
    this.#state = 'draining'
    const library = nghttp2()
    if (this.#settings === 'not received') {
      library.nghttp2_session_terminate_session(session, ErrorCode.NO_ERROR)
      return
    }
    this.#goaway = 'announced'
    this.#drainingSince = this.#now
    library.nghttp2_submit_shutdown_notice(session)
    library.nghttp2_submit_ping(session, 0, DRAIN_PING)
  }

  endInput(): void {
    this.#presence.onInputEnded(this.#now)
    // What isn't complete never will be; handlers have answered all else, which is sent.
    if (this.#settings === 'not received') this.drain()
    else this.#sendFinalGoaway()
  }

  abandon(): void {
    const session = this.#session
    if (session === undefined) return
    this.#session = undefined
    this.#close()
    this.#output.clear()
    removeSession(this.#number)
    nghttp2().nghttp2_session_del(session)
  }

  onBeginHeaders(): void {
    this.#fields = new FieldBlock()
    this.#fieldsSize = 0
  }

  /** Fields beyond the limit are counted, not kept. */
  onHeader(
    name: Address,
    nameLength: number,
    value: Address,
    valueLength: number,
    flags: number,
  ): void {
    this.#fieldsSize += nameLength + valueLength + FIELD_OVERHEAD
    if (this.#tooManyFields()) return
    this.#fields.add(name, nameLength, value, valueLength, (flags & SENSITIVE) !== 0)
  }

  onFrame(frame: Address): void {
    readFrameHead(frame)
    switch (frameHead.type) {
      case FrameType.SETTINGS:
        if ((frameHead.flags & FrameFlag.ACK) !== 0) this.#settings = 'acknowledged'
        else if (this.#settings === 'not received') this.#settings = 'received'
        break
      case FrameType.HEADERS:
        // A second block on a stream are trailers, which nobody comes to read.
        if (!this.#streams.has(frameHead.streamId)) this.#beginRequest(frameHead.streamId)
        this.#progressAt = this.#now
        break
      case FrameType.DATA:
        this.#progressAt = this.#now
        break
      case FrameType.RST_STREAM:
        // It may be behind a complete response, and then does no harm.
        if (!this.#streams.has(frameHead.streamId)) this.#frames.onLateReset(this.#now)
        else if (!this.#resets.take(this.#now)) this.#tooManyResets = true
        break
      case FrameType.GOAWAY:
        // The client opens no more streams.
        this.#sendFinalGoaway()
        break
      case FrameType.PING:
        if ((frameHead.flags & FrameFlag.ACK) !== 0) this.#onPingAcknowledged()
        break
    }
  }

  onStreamClose(streamId: number): void {
    const stream = this.#streams.get(streamId)
    if (stream === undefined) return
    if (stream.response.ended) this.#frames.onResponse()
    this.#onResponseSent(stream)
    stream.close()
    this.#streams.delete(streamId)
  }

  readBody(streamId: number, target: Address, room: number, flags: Address): number {
    const response = this.#streams.get(streamId)!.response
    const count = response.outgoingBody!.read(target, room, flags)
    response.onProgress()
    return count
  }

  #newSession(): Address {
    const { option, settings, limits } = this.#options
    const { callbacks } = sharedCallbacks()
    const library = nghttp2()
    const created = Buffer.alloc(8)
    library.nghttp2_session_server_new2(created, callbacks, this.#number, option)
    const session = readAddress(created)
    library.nghttp2_submit_settings(session, 0, settings.entries, settings.count)
    library.nghttp2_session_set_local_window_size(session, 0, 0, limits.connectionWindowSize)
    return session
  }

  #beginRequest(streamId: number): void {
    this.#fields.complete()
    const stream = new Nghttp2Stream(this.#session!, streamId, this.#fields, this.#options.date)
    this.#streams.set(streamId, stream)
    this.#unfinished += 1
    this.#ready.push(stream)
    const fault = this.#tooManyFields() ? 'too large' : stream.request.fault
    if (fault === 'too large') stream.response.send(431)
    else if (fault === 'bad path') stream.response.send(400)
    else if (fault === 'malformed') stream.response.reset('PROTOCOL_ERROR')
  }

  #tooManyFields(): boolean {
    const { maxHeaderListSize, maxHeaderFields } = this.#options.limits
    return this.#fieldsSize > maxHeaderListSize || this.#fields.count >= maxHeaderFields
  }

  #answerReady(): void {
    if (this.#ready.length === 0) return
    const ready = this.#ready
    this.#ready = []
    for (const { request, response } of ready) {
      if (!response.ended) callHandler(this.#options, 'refused', request, response)
    }
  }

  /** Copies a run of nghttp2's output, which begins with a frame's header. */
  #copyOutput(length: number): void {
    const offset = this.#output.reserve(length)
    const { octets } = this.#output
    const target = offset === 0 ? octets : octets.subarray(offset)
    nghttp2().memcpy(target, readAddress(outputPointer), length)
    switch (octets[offset + 3]) {
      case FrameType.DATA:
        this.#frames.onDataSent(getFrameSize(octets, offset))
        this.#onResponseFrame(octets, offset)
        break
      case FrameType.HEADERS:
        this.#onResponseFrame(octets, offset)
        break
      case FrameType.GOAWAY:
        this.#onGoawaySent(target, length)
    }
  }

  #onResponseFrame(octets: OctetVector, offset: number): void {
    this.#progressAt = this.#now
    if ((getFrameFlags(octets, offset) & FrameFlag.END_STREAM) === 0) return
    // nghttp2 has closed the stream by now, unless the client's side of it is still open.
    const stream = this.#streams.get(readUint32(octets, offset + STREAM_ID_AT))
    if (stream !== undefined) this.#onResponseSent(stream)
  }

  #onResponseSent(stream: Nghttp2Stream): void {
    if (stream.responseSent) return
    stream.responseSent = true
    this.#unfinished -= 1
  }

  /**
   * nghttp2 itself ends a connection whose peer breaks the rules. What was wrong, it says in the
   * frame's debug data, RFC 9113 section 6.8.
   */
  #onGoawaySent(octets: OctetVector, length: number): void {
    if (this.#state === 'open') this.#state = 'draining'
    const errorCode = readUint32(octets, FRAME_HEADER_LENGTH + 4)
    if (errorCode === ErrorCode.NO_ERROR || this.#error !== undefined) return
    // nghttp2 uses no others than those of the RFC.
    const name = errorCodeName(errorCode) as ErrorCodeName
    const reason = String.fromCharCode(...octets.subarray(FRAME_HEADER_LENGTH + 8, length))
    this.#error = new ConnectionError(name, `nghttp2 reports ${name}: ${reason || 'no reason'}.`)
  }

  #onOutput(): void {
    this.#activeAt = this.#now
    this.#presence.onOutput(this.#now)
  }

  /**
   * A client is asked only while it waits for a response: the answer of one that owes the rest of its request would
   * only put off the end of its connection.
   */
  #presenceDeadline(): number {
    if (this.#streams.size === 0) return Number.POSITIVE_INFINITY
    if (this.#unfinished === 0 && !this.#presence.inputEnded) return Number.POSITIVE_INFINITY
    return this.#presence.deadline
  }

  /** Streams are open whose client says nothing, or nothing more. */
  #checkPresence(now: number): void {
    const { keepAlive, keepAliveTimeout } = this.#options.limits
    switch (this.#presence.check(now)) {
      case 'present':
        break
      case 'ask':
        this.#presence.onAsked(now)
        this.#keepAlivePings += 1
        nghttp2().nghttp2_submit_ping(this.#session!, 0, KEEP_ALIVE_PING)
        break
      case 'unanswered':
        this.#failWith(
          new ConnectionError(
            'NO_ERROR',
            `The client sent nothing for ${keepAlive} ms, nor within ${keepAliveTimeout} ms after a PING.`,
            'KEEP_ALIVE_TIMEOUT',
          ),
        )
        break
      case 'gone':
        this.#close()
    }
  }

  /** A client acknowledges in the order in which it was asked. */
  #onPingAcknowledged(): void {
    if (this.#keepAlivePings > 0) this.#keepAlivePings -= 1
    // No request is on its way any more.
    else if (this.#goaway === 'announced') this.#sendFinalGoaway()
  }

  #headerBlockDeadline(): number {
    return this.#frames.headerBlockSince + this.#options.limits.headerBlockTimeout
  }

  #drainDeadline(): number {
    // After the final GOAWAY there are streams to finish.
    return this.#goaway === 'announced'
      ? this.#drainingSince + DRAIN_TIMEOUT
      : Number.POSITIVE_INFINITY
  }

  /** Announces the last stream that is served; when it has ended, the connection is over. */
  #sendFinalGoaway(): void {
    const session = this.#session
    if (session === undefined || this.#state === 'closed' || this.#goaway === 'final') return
    this.#state = 'draining'
    this.#goaway = 'final'
    const library = nghttp2()
    const last = library.nghttp2_session_get_last_proc_stream_id(session)
    library.nghttp2_submit_goaway(session, 0, last, ErrorCode.NO_ERROR, null, 0)
  }

  /** Clients that have their responses but don't end their requests are told to stop, RFC 9113 section 8.1. */
  #endAnsweredRequests(): void {
    this.#progressAt = this.#now
    for (const stream of this.#streams.values()) stream.reset(ErrorCode.NO_ERROR)
  }

  #failByIdleFrames(): void {
    const { idleFrameBurst, idleFramesPerSecond } = this.#options.limits
    this.#fail(
      'ENHANCE_YOUR_CALM',
      `More than ${idleFrameBurst} frames without effect were received at once, ` +
        `or ${idleFramesPerSecond} a second.`,
    )
  }

  #failByResets(): void {
    const { resetBurst, resetsPerSecond } = this.#options.limits
    this.#fail(
      'ENHANCE_YOUR_CALM',
      `More than ${resetBurst} streams were reset at once, or ${resetsPerSecond} a second.`,
    )
  }

  #failBy(code: number, octets: OctetVector): void {
    if (code === BAD_CLIENT_MAGIC) {
      this.#failWith(new ClientPrefaceMismatchError(octets))
    } else {
      const name = code === FLOODED ? 'ENHANCE_YOUR_CALM' : 'INTERNAL_ERROR'
      this.#fail(name, `nghttp2 gives the connection up: ${nghttp2().nghttp2_strerror(code)}.`)
    }
  }

  #fail(code: ErrorCodeName, message: string): void {
    this.#failWith(new ConnectionError(code, message))
  }

  #failWith(error: ConnectionError): void {
    if (this.#session === undefined || this.#error !== undefined) return
    this.#error = error
    this.#state = 'draining'
    nghttp2().nghttp2_session_terminate_session(this.#session, error.errorCode)
  }

  #wantsAnything(session: Address): boolean {
    const library = nghttp2()
    return (
      library.nghttp2_session_want_read(session) !== 0 ||
      library.nghttp2_session_want_write(session) !== 0
    )
  }

  #close(): void {
    this.#state = 'closed'
    this.#ready = []
    for (const stream of this.#streams.values()) stream.close()
    this.#streams.clear()
    this.#unfinished = 0
  }
}
