import { type OctetVector, OutputBuffer } from '@h2lab/octets'
import type { ConnectionState } from '../connection'
import { ClientPrefaceMismatchError, ConnectionError } from '../errors'
import { ErrorCode, type ErrorCodeName } from '../frame/error-code'
import { type FrameFault, tooLarge } from '../frame/frame-fault'
import { DEFAULT_MAX_FRAME_SIZE, getFrameType, getStreamId } from '../frame/frame-header'
import type { FrameTarget } from '../frame/frame-receiver'
import { FrameType } from '../frame/frame-type'
import { makeGoawayFrame } from '../frame/goaway'
import { makeRstStreamFrame } from '../frame/rst-stream'
import { Decoder, Encoder, RepeatedBlockCache } from '../hpack'
import { FRAMES_PER_RESPONSE } from './limits/frame-allowances'
import { LateData } from './limits/late-data'
import { TokenBucket } from './limits/token-bucket'
import type { Http2Options } from './options'
import { INITIAL_WINDOW_SIZE, PeerSettings } from './peer-settings'
import type { HeaderBlock } from './receive/header-block'
import { receiveFrame } from './receive/receive-frame'
import type { RequestHead } from './request/request-head'
import { endedEarly, stopClient } from './send/early-response'
import type { RepeatedHead } from './send/repeated-head'
import { SendQueue } from './send/send-queue'
import type { Stream } from './streams/stream'
import { mayReceiveData } from './streams/stream-state'
import { StreamTable } from './streams/stream-table'
import type { WaitingRequests } from './streams/waiting-requests'

/** The times that a {@link ConnectionCore} has, besides that of the last activity. */
export type TimeName = 'headerBlockSince' | 'settingsSentAt' | 'stallCheckAt' | 'drainingSince'

/**
 * Octets of frames that may wait beyond `maxWaitingOutput` because they answer frames that are received
 * nevertheless: thousands of RST_STREAM and WINDOW_UPDATE. Beyond that all input waits.
 */
const CONTROL_ROOM = 65_536

/**
 * What the parts of a connection share. Each part is a function in a file of its own: those that
 * receive a type of frame, and those that send one. Inside this package only.
 */
export class ConnectionCore implements FrameTarget {
  readonly options: Http2Options
  readonly limits: Http2Options['limits']
  readonly output = new OutputBuffer()
  readonly decoder: Decoder
  readonly encoder = new Encoder()
  /** The heads of header blocks that clients send again and again. */
  readonly heads = new RepeatedBlockCache<RequestHead>()
  /** The head of a response that may come again, see repeated-head.ts. */
  repeatedHead: RepeatedHead | undefined
  /** How many heads in a row were not that one. */
  headMisses = 0
  readonly peer = new PeerSettings()
  readonly streams = new StreamTable()
  readonly sendQueue = new SendQueue()
  /** Urgencies that PRIORITY_UPDATE gave to streams before their requests came, by stream. */
  earlyUrgencies: Map<number, number> | undefined
  readonly resets: TokenBucket
  readonly idleFrames: TokenBucket

  state: ConnectionState = 'open'
  error: ConnectionError | undefined
  /** Whether the owner is in a call, after which it takes the output anyway. */
  busy = false
  /** Called when there is output that the owner doesn't expect. */
  onOutput: () => void = () => {}
  /** The time in milliseconds, as the owner told it last. */
  now: number
  /** How many octets of DATA may still be sent on the whole connection. */
  sendWindow = INITIAL_WINDOW_SIZE
  /**
   * How many octets of DATA the client may send on a new stream: until it has acknowledged our
   * SETTINGS it may not know of a smaller window, RFC 9113 section 6.9.3.
   */
  initialReceiveWindow: number
  /** Octets of DATA received that WINDOW_UPDATE hasn't announced yet. */
  consumed = 0
  /** WINDOW_UPDATE frames that the DATA we sent explains. */
  explainedWindowUpdates = 0
  /** Responses that were sent completely since {@link countIdleFrame} looked last. */
  responses = 0
  readonly lateData: LateData
  /** Made when there are any: on most connections no request ever waits. */
  waiting: WaitingRequests | undefined
  /** Acknowledgements in the output. */
  waitingAcknowledgements = 0
  /** Whether the client's SETTINGS have come, its first frame. */
  settingsReceived = false
  /** A header block of which CONTINUATION frames are missing. */
  headerBlock: HeaderBlock | undefined
  /** Whether a header block isn't complete, so that {@link headerBlockSince} counts. */
  awaitsHeaderBlock = false
  // The next four are changed by setTime only.
  /** When the header block that isn't complete yet has begun; Infinity if there is none. */
  headerBlockSince = Number.POSITIVE_INFINITY
  /** When our SETTINGS were sent, if they aren't acknowledged yet; else Infinity. */
  settingsSentAt = Number.POSITIVE_INFINITY
  /** When to look for streams that make no progress; Infinity if none waits. */
  stallCheckAt = Number.POSITIVE_INFINITY
  /** When draining has begun; Infinity before. */
  drainingSince = Number.POSITIVE_INFINITY
  /** Whether one of these has changed since the deadline was found the last time. */
  timesChanged = true
  /** The last stream that a GOAWAY named: later ones are ignored. Infinity before. */
  lastStreamId = Number.POSITIVE_INFINITY

  constructor(options: Http2Options, now: number) {
    const { limits } = options
    this.options = options
    this.limits = limits
    this.now = now
    this.initialReceiveWindow = Math.max(limits.streamWindowSize, INITIAL_WINDOW_SIZE)
    this.decoder = new Decoder({
      maxListSize: limits.maxHeaderListSize,
      maxFields: limits.maxHeaderFields,
    })
    this.lateData = new LateData(limits.maxConcurrentStreams * limits.streamWindowSize)
    this.resets = new TokenBucket(limits.resetBurst, limits.resetsPerSecond, now)
    this.idleFrames = new TokenBucket(limits.idleFrameBurst, limits.idleFramesPerSecond, now)
  }

  /** Tells the owner of output, unless it looks for some anyway. */
  announceOutput(): void {
    if (!this.busy) this.onOutput()
  }

  /** Changes a time that the connection waits for, in milliseconds; Infinity for none. */
  setTime(name: TimeName, time: number): void {
    this[name] = time
    this.timesChanged = true
  }

  /** The header block that was awaited has come to its end. Hot paths look at {@link awaitsHeaderBlock} first. */
  endHeaderBlock(): void {
    this.awaitsHeaderBlock = false
    this.setTime('headerBlockSince', Number.POSITIVE_INFINITY)
  }

  receivesNoMore(): boolean {
    return this.state === 'closed'
  }

  mustWait(octets: OctetVector, offset: number): boolean {
    const excess = this.output.length - this.limits.maxWaitingOutput
    return excess > 0 && (excess > CONTROL_ROOM || this.#hasNoRoomFor(octets, offset))
  }

  /** A request that would be refused now, but maybe not when output was taken. */
  #hasNoRoomFor(octets: OctetVector, offset: number): boolean {
    if (getFrameType(octets, offset) !== FrameType.HEADERS) return false
    if (this.streams.size < this.limits.maxConcurrentStreams) return false
    return this.streams.isIdle(getStreamId(octets, offset))
  }

  /** Whether the handler of a new request has to wait, since too much output does. */
  get handlersWait(): boolean {
    return this.output.length > this.limits.maxWaitingOutput
  }

  processFrame(octets: OctetVector, offset: number, owned: boolean): void {
    receiveFrame(this, octets, offset, owned)
    // At once, so that what is behind it has the same effect however the input is split: none.
    if (this.state === 'draining') this.closeIfDrained()
  }

  refuseFrame(size: number): void {
    this.failBy(tooLarge(size, DEFAULT_MAX_FRAME_SIZE))
  }

  onPreface(): void {
    this.sendPreface()
    this.setTime('settingsSentAt', this.now)
  }

  refusePreface(octets: OctetVector): void {
    this.sendPreface()
    this.failWith(new ClientPrefaceMismatchError(octets))
  }

  /** SETTINGS is the first frame, also of a connection that fails, RFC 9113 section 3.4. */
  sendPreface(): void {
    this.output.append(this.options.preface)
  }

  /** A fault of the peer ends the connection, RFC 9113 section 5.4.1. */
  fail(code: ErrorCodeName, message: string): void {
    this.failWith(new ConnectionError(code, message))
  }

  failWith(error: ConnectionError): void {
    if (this.state === 'closed') return
    this.error = error
    this.close(error.errorCode)
  }

  /** A frame was wrong in a way that ends the connection. */
  failBy(fault: FrameFault): void {
    this.fail(fault.code, fault.message)
  }

  /** Ends the connection with GOAWAY, and all its streams. */
  close(errorCode: number = ErrorCode.NO_ERROR): void {
    if (this.state === 'closed') return
    // A last stream that was named before may not grow, section 6.8.
    const lastStreamId = Math.min(this.streams.lastId, this.lastStreamId)
    this.output.append(makeGoawayFrame(lastStreamId, errorCode))
    this.endStreams()
  }

  /** The connection is over: tells all requests that their client is gone. */
  endStreams(): void {
    this.state = 'closed'
    this.headerBlock = undefined
    for (const stream of [...this.streams]) {
      stream.state = 'closed'
      this.abandon(stream)
    }
  }

  /** Announces the last stream that will be served; when it has ended, the connection is over. */
  sendFinalGoaway(): void {
    if (this.lastStreamId !== Number.POSITIVE_INFINITY) return
    this.state = 'draining'
    this.lastStreamId = this.streams.lastId
    // The first GOAWAY isn't waited for any more.
    this.timesChanged = true
    this.output.append(makeGoawayFrame(this.lastStreamId, ErrorCode.NO_ERROR))
  }

  /** Ends a connection that drains and has nothing left to do. */
  closeIfDrained(): void {
    if (this.state !== 'draining' || this.lastStreamId === Number.POSITIVE_INFINITY) return
    for (const stream of this.streams) if (!endedEarly(stream)) return
    for (const stream of [...this.streams]) stopClient(this, stream)
    this.state = 'closed'
  }

  /** A stream is closed: nothing of it is kept, but how it ended. */
  forget(stream: Stream): void {
    this.streams.remove(stream)
    this.sendQueue.remove(stream)
    if (stream.waits) this.waiting?.remove(stream)
    stream.pending = undefined
  }

  /** A stream is closed before request and response are complete. */
  abandon(stream: Stream): void {
    this.forget(stream)
    // First, since listeners to the request's signal may still try to answer.
    stream.response.abandon()
    stream.request.abandon()
  }

  /** A fault of the client ends a stream, RFC 9113 section 5.4.2. */
  resetStream(stream: Stream, code: ErrorCodeName): void {
    if (mayReceiveData(stream)) this.lateData.expect(stream.receiveWindow)
    stream.state = 'reset'
    this.abandon(stream)
    this.output.append(makeRstStreamFrame(stream.id, ErrorCode[code]))
    this.countReset()
  }

  /**
   * The same for a stream that is not open on our side.
   *
   * @param ended whether the client has sent END_STREAM
   */
  refuseStream(streamId: number, code: ErrorCodeName, ended: boolean): void {
    this.streams.addReset(streamId)
    if (!ended) this.lateData.expect(this.initialReceiveWindow)
    this.output.append(makeRstStreamFrame(streamId, ErrorCode[code]))
    // Before its acknowledgement of our SETTINGS a client does not know how many streams it may open.
    if (code !== 'REFUSED_STREAM' || this.settingsSentAt === Number.POSITIVE_INFINITY) {
      this.countReset()
    }
  }

  /** A stream was reset by the client or because of it: that must not happen too often. */
  countReset(): void {
    if (this.resets.take(this.now)) return
    this.fail(
      'ENHANCE_YOUR_CALM',
      `More than ${this.limits.resetBurst} streams were reset at once, or ${this.limits.resetsPerSecond} a second.`,
    )
  }

  /** A frame without effect was received: there must not be too many. */
  countIdleFrame(): void {
    if (this.responses > 0) {
      this.idleFrames.refill(this.responses * FRAMES_PER_RESPONSE)
      this.responses = 0
    }
    if (this.idleFrames.take(this.now)) return
    this.fail(
      'ENHANCE_YOUR_CALM',
      `More than ${this.limits.idleFrameBurst} frames without effect were received at once, ` +
        `or ${this.limits.idleFramesPerSecond} a second.`,
    )
  }

  /** Sends an acknowledgement; a client that never reads must not make us collect them. */
  acknowledge(frame: Uint8Array): void {
    this.output.append(frame)
    this.waitingAcknowledgements++
    if (this.waitingAcknowledgements <= this.limits.maxWaitingAcknowledgements) return
    this.fail(
      'ENHANCE_YOUR_CALM',
      `${this.waitingAcknowledgements} acknowledgements of PING and SETTINGS wait to be sent.`,
    )
  }
}
