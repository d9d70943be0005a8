import { concatenate, type OctetVector } from '@h2lab/octets'
import { expect } from 'vitest'
import type { FieldList, Handler } from '../../src'
import { Decoder, encodeWithoutDynamicTable } from '../../src/hpack'
import { Http2Connection, type Http2Init, toHttp2Options } from '../../src/protocol'
import { exchange, type Outcome } from './exchange'
import { dataFrame, headersFrame } from './frames'
import type { ParsedFrame } from './parse-frames'
import { CLIENT_OPENING } from './requests'

/** The pseudo-header fields of GET https://localhost/. */
export const GET: FieldList = [
  [':method', 'GET'],
  [':scheme', 'https'],
  [':authority', 'localhost'],
  [':path', '/'],
]

/** The pseudo-header fields of POST https://localhost/. */
export const POST: FieldList = [[':method', 'POST'], ...GET.slice(1)]

/** The pseudo-header fields of HEAD https://localhost/. */
export const HEAD: FieldList = [[':method', 'HEAD'], ...GET.slice(1)]

/**
 * The frames of a request, valid or not: HEADERS, a DATA frame for each part of the body, and
 * trailers. The last one has END_STREAM, unless the request stays `open`.
 */
export function request(
  streamId: number,
  fields: FieldList,
  options: { body?: readonly string[]; trailers?: FieldList; open?: boolean } = {},
): OctetVector {
  const { body = [], trailers, open = false } = options
  const last = trailers !== undefined ? body.length + 1 : body.length
  const endStream = (index: number) => !open && index === last
  return concatenate(
    headersFrame(streamId, encodeWithoutDynamicTable(fields), { endStream: endStream(0) }),
    ...body.map((part, index) => dataFrame(streamId, part, { endStream: endStream(index + 1) })),
    trailers === undefined
      ? new Uint8Array(0)
      : headersFrame(streamId, encodeWithoutDynamicTable(trailers), { endStream: !open }),
  )
}

/** A new connection with a handler. */
/** A turn ends after so much work, however slow the machine is. */
const STANDS_STILL = () => 0

export function http2Connection(app: Handler, init: Omit<Http2Init, 'app'> = {}): Http2Connection {
  return new Http2Connection(toHttp2Options({ app, date: false, clock: STANDS_STILL, ...init }), 0)
}

/** A response as received so far. */
export interface ReceivedResponse {
  readonly informational: { readonly status: number; readonly fields: FieldList }[]
  status?: number
  fields?: FieldList
  /** The content of all DATA frames as UTF-8. */
  body: string
  trailers?: FieldList
  /** How it ended: with END_STREAM, or with an error code; undefined if it hasn't. */
  end?: string
}

interface HeaderBlock {
  readonly streamId: number
  readonly endStream: boolean
  readonly fragments: OctetVector[]
}

/**
 * Assembles responses from their frames, like a client. Throws if a server must not send them:
 * frames in the wrong order, frames on streams that have ended, or a header block that can't be
 * decoded.
 */
export class ResponseReader {
  readonly #decoder = new Decoder()
  readonly #bodies = new Map<number, OctetVector[]>()
  readonly #responses = new Map<number, ReceivedResponse>()
  /** An incomplete header block. */
  #block: HeaderBlock | undefined

  /** Returns what has arrived of a response. */
  response(streamId: number): ReceivedResponse {
    let response = this.#responses.get(streamId)
    if (response === undefined) {
      response = { informational: [], body: '' }
      this.#responses.set(streamId, response)
    }
    return response
  }

  read(frames: readonly ParsedFrame[]): this {
    for (const frame of frames) this.#readFrame(frame)
    return this
  }

  #readFrame(frame: ParsedFrame): void {
    const { streamId } = frame
    if ((this.#block !== undefined) !== (frame.type === 'CONTINUATION')) {
      throw new Error(
        `A ${frame.type} frame comes in the middle of a header block, or without one.`,
      )
    }
    if (frame.type === 'HEADERS') {
      const endStream = frame.flags.includes('END_STREAM')
      this.#block = { streamId, endStream, fragments: [] }
    }
    if (frame.type === 'HEADERS' || frame.type === 'CONTINUATION') {
      this.#block?.fragments.push(frame.fragment)
      if (frame.flags.includes('END_HEADERS')) this.#readBlock()
    } else if (frame.type === 'DATA') {
      const response = this.#unended(streamId)
      if (response.status === undefined) throw new Error('DATA comes before the head.')
      const parts = this.#bodies.get(streamId) ?? []
      parts.push(frame.data)
      this.#bodies.set(streamId, parts)
      response.body = Buffer.from(concatenate(...parts)).toString()
      if (frame.flags.includes('END_STREAM')) response.end = 'END_STREAM'
    } else if (frame.type === 'RST_STREAM') {
      const response = this.response(streamId)
      if (response.end === undefined || response.end === 'END_STREAM') {
        response.end =
          response.end === undefined ? frame.errorCode : `END_STREAM, ${frame.errorCode}`
      } else throw new Error(`Stream ${streamId} is reset twice.`)
    }
  }

  #readBlock(): void {
    const { streamId, endStream, fragments } = this.#block as HeaderBlock
    this.#block = undefined
    const decoded = this.#decoder.decode(concatenate(...fragments))
    if (decoded.state !== 'decoded') throw new Error(`A header block is ${decoded.state}.`)
    const response = this.#unended(streamId)
    const [first, ...fields] = decoded.fields
    if (response.status !== undefined) {
      if (!endStream) throw new Error('There are two heads, or trailers without END_STREAM.')
      response.trailers = decoded.fields
    } else if (first?.[0] !== ':status') {
      throw new Error(`A head begins with ${first?.[0]}, not with :status.`)
    } else if (first[1].startsWith('1')) {
      if (endStream) throw new Error('An informational response ends the stream.')
      response.informational.push({ status: Number(first[1]), fields })
    } else {
      response.status = Number(first[1])
      response.fields = fields
    }
    if (endStream) response.end = 'END_STREAM'
  }

  #unended(streamId: number): ReceivedResponse {
    const response = this.response(streamId)
    if (response.end !== undefined)
      throw new Error(`Stream ${streamId} has ended: ${response.end}.`)
    return response
  }
}

/** The result of passing requests to a connection. */
export interface MessageOutcome extends Outcome {
  /** The requests for which the handler was called, in order, such as `GET /path`. */
  readonly handled: readonly string[]
  /** What has arrived of the response on a stream. */
  response(streamId: number): ReceivedResponse
}

/**
 * Passes input after the client's opening to connections with a handler. Checks that the result
 * doesn't depend on how it is split.
 */
export function http2Exchange(
  handler: Handler,
  init: Omit<Http2Init, 'app'>,
  ...input: readonly OctetVector[]
): MessageOutcome {
  let handled: string[] | undefined
  const make = () => {
    const calls: string[] = []
    // The first connection gets its input in one piece.
    handled ??= calls
    return http2Connection((request, response) => {
      calls.push(`${request.method} ${request.path}`)
      return handler(request, response)
    }, init)
  }
  const outcome = exchange(make, CLIENT_OPENING, ...input)
  const reader = new ResponseReader().read(outcome.frames)
  return { ...outcome, handled: handled ?? [], response: (streamId) => reader.response(streamId) }
}

/** Responds with everything it knows about its request's head, as JSON. */
export const describing: Handler = (request, response) => {
  const { method, scheme, authority, path, protocol, headers } = request
  const head = { method, scheme, authority, path, protocol, headers: headers.raw }
  response.send(200, {}, JSON.stringify(head))
}

/** What the handler {@link describing} knows about a request, which must be well-formed. */
export function headOf(fields: FieldList, init: Omit<Http2Init, 'app'> = {}): RequestDescription {
  const { response, handled, state } = http2Exchange(describing, init, request(1, fields))
  expect(handled).toHaveLength(1)
  expect({ state, ...response(1) }).toMatchObject({ state: 'open', status: 200 })
  return JSON.parse(response(1).body) as RequestDescription
}

export interface RequestDescription {
  readonly method: string
  readonly scheme: string
  readonly authority: string
  readonly path: string
  readonly protocol?: string
  readonly headers: FieldList
}

/**
 * Expects that a request is malformed, RFC 9113 section 8.1.1: its stream is reset with
 * PROTOCOL_ERROR before it is answered, and the connection continues.
 *
 * @param input the frames of the request on stream 1
 */
export function expectMalformed(input: OctetVector, init: Omit<Http2Init, 'app'> = {}): void {
  const waiting: Handler = (request, response) => {
    if (request.path === '/next') response.send(200)
  }
  const next = request(3, [...GET.slice(0, 3), [':path', '/next']])
  const { response, state, error } = http2Exchange(waiting, init, input, next)
  expect(error).toBeUndefined()
  expect(state).toBe('open')
  expect(response(1)).toEqual({ informational: [], body: '', end: 'PROTOCOL_ERROR' })
  expect(response(3)).toMatchObject({ status: 200, end: 'END_STREAM' })
}

/** Same, for a request that consists only of header fields. It never reaches the handler. */
export function expectMalformedHead(fields: FieldList, init: Omit<Http2Init, 'app'> = {}): void {
  expectMalformed(request(1, fields), init)
  const { handled } = http2Exchange(describing, init, request(1, fields))
  expect(handled).toEqual([])
}
