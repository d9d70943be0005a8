import { ErrorCode } from '@h2lab/mini-http2/frames'
import type { Address } from '@h2lab/tls-context/native'
import { SENSITIVE } from './callbacks'
import { FieldBlock } from './field-block'
import { Nghttp2Stream } from './nghttp2-stream'
import type { Nghttp2Options } from './options'

/** What each field counts in addition to its octets, RFC 9113 section 6.5.2. */
const FIELD_OVERHEAD = 32

/** The requests of a connection: the header block being decoded, and the streams that are open. */
export class Requests {
  readonly #options: Nghttp2Options
  #fields = new FieldBlock()
  #fieldsSize = 0
  readonly #streams = new Map<number, Nghttp2Stream>()
  /** Requests that no handler has been called for yet: handlers don't run inside a callback of nghttp2. */
  #ready: Nghttp2Stream[] = []
  #unfinished = 0

  constructor(options: Nghttp2Options) {
    this.#options = options
  }

  /** How many streams are open. */
  get open(): number {
    return this.#streams.size
  }

  /** How many requests don't have their whole response yet. */
  get unfinished(): number {
    return this.#unfinished
  }

  /** Whether the stream is open. */
  has(streamId: number): boolean {
    return this.#streams.has(streamId)
  }

  beginFields(): void {
    this.#fields = new FieldBlock()
    this.#fieldsSize = 0
  }

  /** Fields beyond the limit are counted, not kept. */
  addField(
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

  /** Opens a stream for the header block just received. */
  begin(session: Address, streamId: number): void {
    this.#fields.complete()
    const stream = new Nghttp2Stream(session, streamId, this.#fields, this.#options.date)
    this.#streams.set(streamId, stream)
    this.#unfinished += 1
    this.#ready.push(stream)
    const fault = this.#tooManyFields() ? 'too large' : stream.request.fault
    if (fault === 'too large') stream.response.send(431)
    else if (fault === 'bad path') stream.response.send(400)
    else if (fault === 'malformed') stream.response.reset('PROTOCOL_ERROR')
  }

  /** The requests to call handlers for. Returns each request once. */
  takeReady(): readonly Nghttp2Stream[] {
    if (this.#ready.length === 0) return NONE
    const ready = this.#ready
    this.#ready = []
    return ready
  }

  /** Writes the next octets of a response's body, see `SessionEvents`. */
  readBody(streamId: number, target: Address, room: number, flags: Address): number {
    const { response } = this.#streams.get(streamId)!
    const count = response.outgoingBody!.read(target, room, flags)
    response.onProgress()
    return count
  }

  /** A frame with END_STREAM was sent. */
  onResponseSent(streamId: number): void {
    // nghttp2 has already closed the stream, unless the client's side of it is still open.
    const stream = this.#streams.get(streamId)
    if (stream !== undefined) this.#finish(stream)
  }

  /**
   * nghttp2 closed a stream.
   *
   * @returns whether its request was answered
   */
  close(streamId: number): boolean {
    const stream = this.#streams.get(streamId)
    if (stream === undefined) return false
    const answered = stream.response.ended
    this.#finish(stream)
    stream.close()
    this.#streams.delete(streamId)
    return answered
  }

  /** Asks clients that have their responses to stop sending their requests, RFC 9113 section 8.1. */
  resetAll(): void {
    for (const stream of this.#streams.values()) stream.reset(ErrorCode.NO_ERROR)
  }

  /** Closes every stream: the connection is over. */
  closeAll(): void {
    this.#ready = []
    for (const stream of this.#streams.values()) stream.close()
    this.#streams.clear()
    this.#unfinished = 0
  }

  #tooManyFields(): boolean {
    const { maxHeaderListSize, maxHeaderFields } = this.#options.limits
    return this.#fieldsSize > maxHeaderListSize || this.#fields.count >= maxHeaderFields
  }

  #finish(stream: Nghttp2Stream): void {
    if (stream.responseSent) return
    stream.responseSent = true
    this.#unfinished -= 1
  }
}

const NONE: readonly Nghttp2Stream[] = []
