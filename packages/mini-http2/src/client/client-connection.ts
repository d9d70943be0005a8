import {
  type OctetVector,
  type OptionNamesOf,
  OutputBuffer,
  readUint16,
  readUint31,
  readUint32,
} from '@h2lab/octets'
import { MisuseError } from '../errors'
import { CLIENT_PREFACE } from '../frame/client-preface'
import { ErrorCode, errorCodeName } from '../frame/error-code'
import { type FrameFault, tooLarge } from '../frame/frame-fault'
import { FrameFlag } from '../frame/frame-flag'
import {
  DEFAULT_MAX_FRAME_SIZE,
  FRAME_HEADER_LENGTH,
  getFrameFlags,
  getFrameSize,
  getFrameType,
  getStreamId,
  MAX_STREAM_ID,
  makeFrame,
  writeStreamId,
} from '../frame/frame-header'
import { ANY, FrameReceiver } from '../frame/frame-receiver'
import { FrameType } from '../frame/frame-type'
import { makeGoawayFrame } from '../frame/goaway'
import { checkFrame } from '../frame/read-frame'
import { makeSettingsFrame, SETTINGS_ACK_FRAME, SETTINGS_ENTRY_LENGTH } from '../frame/settings'
import { SettingsParameter } from '../frame/settings-parameter'
import { settingsValueFault } from '../frame/settings-values'
import { MAX_WINDOW_SIZE, makeWindowUpdateFrame } from '../frame/window-update'
import { checkOptionNames } from '../options'
import type { ClientEvents } from './client-events'
import type { PreparedRequest } from './request'
import { RequestBodies } from './request-bodies'
import { RequestEncoder } from './request-encoder'
import { Responses } from './responses'

/** Options of a {@link ClientConnection}. */
export interface ClientOptions {
  /**
   * `requests`: responses must belong to requests sent with {@link ClientConnection.send}; anything
   * else is a fault of the server. `anything`: accepts responses on any stream, for callers such as
   * tests that write their own frames. Default: `requests`.
   */
  readonly responsesTo?: 'requests' | 'anything'
  /** The stream ID of the first request, an odd number. Default 1. */
  readonly firstStreamId?: number
}

const OPTIONS: OptionNamesOf<ClientOptions> = { responsesTo: true, firstStreamId: true }

/** Frames that are not allowed on an idle stream: RFC 9113 section 5.1. */
const NEEDS_OPENED_STREAM: ReadonlySet<number> = new Set([
  FrameType.DATA,
  FrameType.HEADERS,
  FrameType.RST_STREAM,
  FrameType.WINDOW_UPDATE,
])

/** The connection's window before any WINDOW_UPDATE, RFC 9113 section 6.9.2. */
const INITIAL_CONNECTION_WINDOW = 65_535

/**
 * The client side of HTTP/2 without sockets, for load generators and tests. It opens its
 * flow-control windows to the maximum and rejects responses that RFC 9113 doesn't allow.
 */
export class ClientConnection {
  readonly #events: ClientEvents
  readonly #output = new OutputBuffer()
  readonly #receiver = this.#makeReceiver()
  readonly #encoder = new RequestEncoder()
  readonly #bodies = new RequestBodies(this.#output)
  readonly #responsesTo: 'requests' | 'anything'
  readonly #responses: Responses
  #nextStreamId: number
  #peerMaxConcurrentStreams = Number.POSITIVE_INFINITY
  /** Octets of DATA received since the last WINDOW_UPDATE of the connection. */
  #consumed = 0
  /** Whether the server's SETTINGS have arrived. They must be its first frame. */
  #hasSettings = false
  #state: 'open' | 'draining' | 'closed' = 'open'
  #error: Error | undefined

  /** @throws MisuseError `INVALID_OPTION` */
  constructor(events: ClientEvents = {}, options: ClientOptions = {}) {
    checkOptionNames(options, OPTIONS)
    const { responsesTo = 'requests', firstStreamId = 1 } = options
    this.#events = events
    this.#responsesTo = responsesTo
    this.#responses = new Responses(events, responsesTo, this.#output, this.#bodies)
    this.#nextStreamId = firstStreamId
    this.#output.append(CLIENT_PREFACE)
    this.#output.append(makeSettingsFrame({ ENABLE_PUSH: 0, INITIAL_WINDOW_SIZE: MAX_WINDOW_SIZE }))
    this.#output.append(makeWindowUpdateFrame(0, MAX_WINDOW_SIZE - INITIAL_CONNECTION_WINDOW))
  }

  /**
   * `draining` after GOAWAY from either side, or the last stream: no more requests, but responses
   * may still arrive.
   */
  get state(): 'open' | 'draining' | 'closed' {
    return this.#state
  }

  /** The server's fault that closed the connection, if any. */
  get error(): Error | undefined {
    return this.#error
  }

  /** The stream ID of the next request. */
  get nextStreamId(): number {
    return this.#nextStreamId
  }

  /** Whether the server's SETTINGS have arrived, RFC 9113 section 3.4. */
  get hasSettings(): boolean {
    return this.#hasSettings
  }

  /** How many concurrent streams the server allows; Infinity until it announces a limit. */
  get peerMaxConcurrentStreams(): number {
    return this.#peerMaxConcurrentStreams
  }

  /**
   * Sends a request. Sending the same request again only copies its frame.
   *
   * @returns its stream ID
   * @throws MisuseError `CONNECTION_ENDED` if the connection takes no more requests
   */
  send(request: PreparedRequest): number {
    const streamId = this.#nextStreamId
    if (this.#state !== 'open') {
      throw new MisuseError(
        'CONNECTION_ENDED',
        `The connection is ${this.#state} after ${streamId >>> 1} requests: open another.`,
      )
    }
    this.#nextStreamId = streamId + 2
    if (this.#nextStreamId > MAX_STREAM_ID) this.#state = 'draining'
    this.#responses.open(streamId, request.fields[0]?.[1])
    const frame = this.#encoder.headersFrame(request)
    const offset = this.#output.reserve(frame.length)
    this.#output.octets.set(frame, offset)
    writeStreamId(this.#output.octets, offset, streamId)
    if (request.body !== undefined) this.#bodies.add(streamId, request.body)
    return streamId
  }

  /** Announces that no more requests will be sent. */
  goaway(): void {
    if (this.#state === 'open') this.#state = 'draining'
    this.#output.append(makeGoawayFrame(0, ErrorCode.NO_ERROR))
  }

  /**
   * Returns the waiting output as one run of octets, or undefined. Bodies are returned in runs of
   * 256 KiB: call again for the next run, as long as the windows are open.
   */
  takeOutput(): OctetVector | undefined {
    if (this.#state !== 'closed') this.#bodies.pump()
    return this.#output.take()
  }

  /**
   * Takes octets from the server, split in any way.
   *
   * @param octets borrowed for the call
   */
  receive(octets: OctetVector): void {
    this.#receiver.receive(octets)
  }

  #makeReceiver(): FrameReceiver {
    return new FrameReceiver(
      {
        receivesNoMore: () => this.#state === 'closed',
        allowance: () => ANY,
        returnAllowance: () => {},
        mustWait: () => false,
        processFrame: (octets, offset) => this.#processFrame(octets, offset),
        refuseFrame: (size) => this.#fail(tooLarge(size, DEFAULT_MAX_FRAME_SIZE)),
      },
      'from server',
    )
  }

  #processFrame(octets: OctetVector, offset: number): void {
    const fault = checkFrame(octets, offset)
    if (fault !== undefined) {
      this.#fail(fault)
      return
    }
    const start = offset + FRAME_HEADER_LENGTH
    const end = start + getFrameSize(octets, offset)
    const flags = getFrameFlags(octets, offset)
    const streamId = getStreamId(octets, offset)
    const type = getFrameType(octets, offset)
    const misplaced = this.#misplacement(type, flags, streamId)
    if (misplaced !== undefined) {
      this.#fail({ code: 'PROTOCOL_ERROR', message: misplaced })
      return
    }
    switch (type) {
      case FrameType.DATA:
        this.#consume(end - start)
        this.#failIf(this.#responses.receiveData(octets, offset))
        break
      case FrameType.HEADERS:
        this.#failIf(this.#responses.receiveHeaders(octets, offset))
        break
      case FrameType.CONTINUATION:
        this.#failIf(this.#responses.receiveContinuation(octets, offset))
        break
      case FrameType.RST_STREAM:
        this.#responses.receiveReset(streamId, readUint32(octets, start))
        break
      case FrameType.SETTINGS:
        this.#receiveSettings(octets, start, end, flags)
        break
      case FrameType.PING:
        if ((flags & FrameFlag.ACK) === 0) {
          this.#output.append(
            makeFrame(FrameType.PING, FrameFlag.ACK, 0, octets.subarray(start, end)),
          )
        }
        break
      case FrameType.WINDOW_UPDATE:
        this.#failIf(this.#bodies.openWindow(streamId, readUint31(octets, start)))
        break
      case FrameType.GOAWAY:
        this.#receiveGoaway(readUint32(octets, start), readUint32(octets, start + 4))
        break
    }
  }

  /** Returns the error message for a misplaced frame, or undefined. */
  #misplacement(type: number, flags: number, streamId: number): string | undefined {
    if (!this.#hasSettings && this.#responsesTo === 'requests') {
      if (type === FrameType.SETTINGS && (flags & FrameFlag.ACK) === 0) return undefined
      return `A server's first frame must be SETTINGS, not type ${type} (RFC 9113 section 3.4).`
    }
    const { unfinishedBlock } = this.#responses
    if (unfinishedBlock !== undefined) {
      if (type === FrameType.CONTINUATION && streamId === unfinishedBlock) return undefined
      return 'A header block must not be interrupted by other frames (RFC 9113 section 4.3).'
    }
    if (type === FrameType.CONTINUATION) {
      return 'A CONTINUATION frame must follow HEADERS (RFC 9113 section 6.10).'
    }
    if (type === FrameType.PUSH_PROMISE) {
      return 'The server sent PUSH_PROMISE, but the client has not enabled push (RFC 9113 section 6.6).'
    }
    const isIdle = (streamId & 1) === 0 ? streamId !== 0 : streamId >= this.#nextStreamId
    if (isIdle && NEEDS_OPENED_STREAM.has(type) && this.#responsesTo === 'requests') {
      return `Stream ${streamId} was never opened (RFC 9113 section 5.1).`
    }
    return undefined
  }

  /** Reopens the connection's window when half of it is used up. */
  #consume(count: number): void {
    this.#consumed += count
    if (this.#consumed < MAX_WINDOW_SIZE / 2) return
    this.#output.append(makeWindowUpdateFrame(0, this.#consumed))
    this.#consumed = 0
  }

  #receiveSettings(octets: OctetVector, start: number, end: number, flags: number): void {
    if ((flags & FrameFlag.ACK) !== 0) return
    this.#hasSettings = true
    for (let entry = start; entry < end; entry += SETTINGS_ENTRY_LENGTH) {
      const identifier = readUint16(octets, entry)
      const value = readUint32(octets, entry + 2)
      const fault = settingsValueFault(identifier, value)
      if (fault !== undefined) {
        this.#fail(fault)
        return
      }
      switch (identifier) {
        case SettingsParameter.MAX_CONCURRENT_STREAMS:
          this.#peerMaxConcurrentStreams = value
          break
        case SettingsParameter.INITIAL_WINDOW_SIZE:
          this.#failIf(this.#bodies.setInitialWindow(value))
          break
        case SettingsParameter.HEADER_TABLE_SIZE:
          this.#encoder.setTableSize(value)
          break
      }
    }
    if (this.#state !== 'closed') this.#output.append(SETTINGS_ACK_FRAME)
  }

  #receiveGoaway(lastStreamId: number, errorCode: number): void {
    if (this.#state === 'open') this.#state = 'draining'
    if (errorCode !== ErrorCode.NO_ERROR) {
      this.#error = new Error(`The server ended the connection: ${errorCodeName(errorCode)}.`)
    }
    this.#responses.forgetBehind(lastStreamId)
    this.#events.onGoaway?.(lastStreamId, errorCode)
  }

  #failIf(fault: FrameFault | undefined): void {
    if (fault !== undefined) this.#fail(fault)
  }

  #fail({ code, message }: Pick<FrameFault, 'code' | 'message'>): void {
    this.#error = new Error(message)
    this.#state = 'closed'
    this.#receiver.clear()
    this.#output.append(makeGoawayFrame(0, ErrorCode[code]))
  }
}
