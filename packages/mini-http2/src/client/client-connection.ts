import {
  concatenate,
  copyOctets,
  type OctetVector,
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
import { FrameReceiver } from '../frame/frame-receiver'
import { FrameType } from '../frame/frame-type'
import { makeGoawayFrame } from '../frame/goaway'
import { checkFrame } from '../frame/read-frame'
import { makeRstStreamFrame } from '../frame/rst-stream'
import { makeSettingsFrame, SETTINGS_ACK_FRAME, SETTINGS_ENTRY_LENGTH } from '../frame/settings'
import { SettingsParameter } from '../frame/settings-parameter'
import { MAX_WINDOW_SIZE, makeWindowUpdateFrame } from '../frame/window-update'
import type { FieldList } from '../message/fields'
import type { PreparedRequest } from './request'
import { RequestBodies } from './request-bodies'
import { RequestEncoder } from './request-encoder'
import { ResponseDecoder } from './response-decoder'

/** What a {@link ClientConnection} tells its owner. */
export interface ClientEvents {
  /** A response's header fields, or an informational response's, or trailers. */
  onHeaders?(streamId: number, status: number, fields: FieldList): void
  /** Some octets of a body, borrowed for the call. */
  onData?(streamId: number, octets: OctetVector): void
  /** A response is complete. */
  onEnd?(streamId: number, status: number): void
  /** The server gave a stream up. */
  onReset?(streamId: number, errorCode: number): void
  /** The server opens the end of the connection. */
  onGoaway?(lastStreamId: number, errorCode: number): void
}

/** The connection's window before any WINDOW_UPDATE, RFC 9113 section 6.9.2. */
const INITIAL_CONNECTION_WINDOW = 65_535

/**
 * The client side of HTTP/2, without sockets: good enough to drive load and tests. It opens
 * its windows as wide as they go, and trusts the server more than a client on the open internet
 * should.
 */
export class ClientConnection {
  readonly #events: ClientEvents
  readonly #output = new OutputBuffer()
  readonly #receiver = this.#makeReceiver()
  readonly #encoder = new RequestEncoder()
  readonly #bodies = new RequestBodies(this.#output)
  readonly #decoder = new ResponseDecoder()
  #nextStreamId = 1
  #peerMaxConcurrentStreams = Number.POSITIVE_INFINITY
  /** Octets of DATA received since the connection's window was opened last. */
  #consumed = 0
  /** The fragments of a header block whose CONTINUATION frames are still to come. */
  #headers: { readonly endStream: boolean; block: OctetVector } | undefined
  /** The final status of streams whose headers have come but whose end hasn't. */
  readonly #statuses = new Map<number, number>()
  #state: 'open' | 'draining' | 'closed' = 'open'
  #error: Error | undefined

  constructor(events: ClientEvents = {}) {
    this.#events = events
    this.#output.append(CLIENT_PREFACE)
    this.#output.append(makeSettingsFrame({ ENABLE_PUSH: 0, INITIAL_WINDOW_SIZE: MAX_WINDOW_SIZE }))
    this.#output.append(makeWindowUpdateFrame(0, MAX_WINDOW_SIZE - INITIAL_CONNECTION_WINDOW))
  }

  /** `draining` after GOAWAY of either side: no more requests, but answers may come. */
  get state(): 'open' | 'draining' | 'closed' {
    return this.#state
  }

  /** The server's fault that closed the connection. */
  get error(): Error | undefined {
    return this.#error
  }

  /** The stream that the next request will have. */
  get nextStreamId(): number {
    return this.#nextStreamId
  }

  /** How many streams the server allows at once; Infinity until it says so. */
  get peerMaxConcurrentStreams(): number {
    return this.#peerMaxConcurrentStreams
  }

  /**
   * Sends a request. Hot path: a request sent before costs a copy of its frame.
   *
   * @returns its stream
   * @throws MisuseError `CONNECTION_ENDED` if the connection takes no more requests
   */
  send(request: PreparedRequest): number {
    const streamId = this.#nextStreamId
    if (this.#state !== 'open' || streamId > MAX_STREAM_ID) {
      throw new MisuseError(
        'CONNECTION_ENDED',
        `The connection is ${this.#state} after ${streamId >>> 1} requests: open another.`,
      )
    }
    this.#nextStreamId = streamId + 2
    const frame = this.#encoder.headersFrame(request)
    const offset = this.#output.reserve(frame.length)
    this.#output.octets.set(frame, offset)
    writeStreamId(this.#output.octets, offset, streamId)
    if (request.body !== undefined) this.#bodies.send(streamId, request.body)
    return streamId
  }

  /** Says that no more requests come. */
  goaway(): void {
    if (this.#state === 'open') this.#state = 'draining'
    this.#output.append(makeGoawayFrame(0, ErrorCode.NO_ERROR))
  }

  /** Returns what is to be sent now as one run of octets, or undefined. */
  takeOutput(): OctetVector | undefined {
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
    switch (getFrameType(octets, offset)) {
      case FrameType.DATA:
        this.#receiveData(octets, start, end, flags, streamId)
        break
      case FrameType.HEADERS:
        this.#receiveHeaders(octets, start, end, flags, streamId)
        break
      case FrameType.CONTINUATION:
        this.#receiveContinuation(octets.subarray(start, end), flags, streamId)
        break
      case FrameType.RST_STREAM:
        this.#statuses.delete(streamId)
        this.#bodies.drop(streamId)
        this.#events.onReset?.(streamId, readUint32(octets, start))
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
        this.#bodies.openWindow(streamId, readUint31(octets, start))
        break
      case FrameType.GOAWAY:
        this.#receiveGoaway(readUint32(octets, start), readUint32(octets, start + 4))
        break
    }
  }

  #receiveData(
    octets: OctetVector,
    start: number,
    end: number,
    flags: number,
    streamId: number,
  ): void {
    this.#consume(end - start)
    if (this.#events.onData !== undefined) {
      const padded = (flags & FrameFlag.PADDED) !== 0
      const data = padded
        ? octets.subarray(start + 1, end - octets[start]!)
        : octets.subarray(start, end)
      if (data.length > 0) this.#events.onData(streamId, data)
    }
    if ((flags & FrameFlag.END_STREAM) !== 0) this.#endStream(streamId)
  }

  /** Opens the connection's window again when half of it is used up. */
  #consume(count: number): void {
    this.#consumed += count
    if (this.#consumed < MAX_WINDOW_SIZE / 2) return
    this.#output.append(makeWindowUpdateFrame(0, this.#consumed))
    this.#consumed = 0
  }

  #receiveHeaders(
    octets: OctetVector,
    start: number,
    end: number,
    flags: number,
    streamId: number,
  ): void {
    let from = start
    let to = end
    if ((flags & FrameFlag.PADDED) !== 0) to -= octets[from++]!
    if ((flags & FrameFlag.PRIORITY) !== 0) from += 5
    const endStream = (flags & FrameFlag.END_STREAM) !== 0
    if ((flags & FrameFlag.END_HEADERS) !== 0) {
      this.#receiveHeaderBlock(octets, from, to, endStream, streamId)
    } else {
      this.#headers = { endStream, block: copyOctets(octets, from, to) }
    }
  }

  #receiveContinuation(fragment: OctetVector, flags: number, streamId: number): void {
    const headers = this.#headers
    if (headers === undefined) {
      this.#fail({
        code: 'PROTOCOL_ERROR',
        message: 'A CONTINUATION frame has to follow HEADERS (RFC 9113 section 6.10).',
      })
      return
    }
    headers.block = concatenate(headers.block, fragment)
    if ((flags & FrameFlag.END_HEADERS) === 0) return
    this.#headers = undefined
    this.#receiveHeaderBlock(headers.block, 0, headers.block.length, headers.endStream, streamId)
  }

  #receiveHeaderBlock(
    octets: OctetVector,
    start: number,
    end: number,
    endStream: boolean,
    streamId: number,
  ): void {
    const decoded = this.#decoder.decode(octets, start, end)
    if (decoded.state === 'invalid') {
      const message = `The server sent what is no header block of a response: ${decoded.reason}.`
      this.#fail({ code: 'COMPRESSION_ERROR', message })
      return
    }
    const trailers = this.#statuses.has(streamId)
    const status = trailers ? this.#statuses.get(streamId)! : decoded.status
    this.#events.onHeaders?.(streamId, status, decoded.fields)
    // An informational response is followed by another.
    if (status >= 200) this.#statuses.set(streamId, status)
    if (endStream) this.#endStream(streamId)
  }

  #endStream(streamId: number): void {
    const status = this.#statuses.get(streamId) ?? 0
    this.#statuses.delete(streamId)
    // It has answered without the rest of the body, which nobody needs any more.
    if (this.#bodies.drop(streamId)) {
      this.#output.append(makeRstStreamFrame(streamId, ErrorCode.CANCEL))
    }
    this.#events.onEnd?.(streamId, status)
  }

  #receiveSettings(octets: OctetVector, start: number, end: number, flags: number): void {
    if ((flags & FrameFlag.ACK) !== 0) return
    for (let entry = start; entry < end; entry += SETTINGS_ENTRY_LENGTH) {
      const value = readUint32(octets, entry + 2)
      switch (readUint16(octets, entry)) {
        case SettingsParameter.MAX_CONCURRENT_STREAMS:
          this.#peerMaxConcurrentStreams = value
          break
        case SettingsParameter.INITIAL_WINDOW_SIZE:
          this.#bodies.setInitialWindow(value)
          break
        case SettingsParameter.HEADER_TABLE_SIZE:
          this.#encoder.setTableSize(value)
          break
      }
    }
    this.#output.append(SETTINGS_ACK_FRAME)
  }

  #receiveGoaway(lastStreamId: number, errorCode: number): void {
    if (this.#state === 'open') this.#state = 'draining'
    if (errorCode !== ErrorCode.NO_ERROR) {
      this.#error = new Error(`The server ended the connection: ${errorCodeName(errorCode)}.`)
    }
    this.#events.onGoaway?.(lastStreamId, errorCode)
  }

  #fail({ code, message }: Pick<FrameFault, 'code' | 'message'>): void {
    this.#error = new Error(message)
    this.#state = 'closed'
    this.#receiver.clear()
    this.#output.append(makeGoawayFrame(0, ErrorCode[code]))
  }
}
