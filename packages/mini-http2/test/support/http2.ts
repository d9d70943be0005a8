import { concatenate, type OctetVector } from '@h2lab/octets'
import { expect } from 'vitest'
import type { Handler, ServerRequest, ServerResponse } from '../../src'
import type { ErrorCodeName } from '../../src/frame/error-code'
import type { SettingsParameterName } from '../../src/frame/settings-parameter'
import { CLIENT_PREFACE } from '../../src/frames'
import type { Http2Connection, Http2Init } from '../../src/protocol'
import { exchange, type Outcome, takeAll, takeTurns } from './exchange'
import { settingsAckFrame, settingsFrame } from './frames'
import { GET, http2Connection, request } from './http2-messages'
import { type ParsedFrame, parseFrames } from './parse-frames'

/*
 * The protocol `http2` from the client's point of view, frame by frame. For messages see
 * http2-messages.ts.
 */

/** Answers each request immediately, even before it is complete. */
export const AT_ONCE: Handler = (_, response) => response.send(200, {}, 'Hello World\n')

/** Answers only requests for /next. */
export const ONLY_NEXT: Handler = ({ path }, response) => {
  if (path === '/next') response.send(200)
}

/** A request that {@link ONLY_NEXT} answers. */
export function nextRequest(streamId: number): OctetVector {
  return request(streamId, [...GET.slice(0, 3), [':path', '/next']])
}

/** What a client sends first, and after it has received the server's SETTINGS. */
export function opening(
  settings: Partial<Record<SettingsParameterName, number>> = {},
): OctetVector {
  return concatenate(CLIENT_PREFACE, settingsFrame(settings), settingsAckFrame())
}

/** The number of frames in response to that: SETTINGS, WINDOW_UPDATE, and SETTINGS with ACK. */
const OPENING_ANSWERS = 3

/** The stream of a request after others. */
const NEXT_STREAM = 1001

/**
 * Passes input after the opening to connections: as a whole, and split at every octet.
 *
 * @returns the result, without the frames in response to the opening
 */
export function answersTo(app: Handler, ...input: readonly OctetVector[]): Outcome {
  return answersWith({ app }, ...input)
}

/** Same, with options. */
export function answersWith(
  { app, ...init }: Http2Init,
  ...input: readonly OctetVector[]
): Outcome {
  const outcome = exchange(() => http2Connection(app as Handler, init), opening(), ...input)
  return { ...outcome, frames: outcome.frames.slice(OPENING_ANSWERS) }
}

/**
 * Expects that input ends the connection, RFC 9113 section 5.4.1, and that nothing follows GOAWAY.
 */
export function expectConnectionError(code: ErrorCodeName, ...input: readonly OctetVector[]): void {
  const { frames, state, error } = answersTo(ONLY_NEXT, ...input, nextRequest(NEXT_STREAM))
  expect(frames.at(-1)).toMatchObject({ type: 'GOAWAY', errorCode: code })
  expect({ state, code: error?.code }).toEqual({ state: 'closed', code })
  expect(frames.filter(({ type }) => type === 'HEADERS')).toEqual([])
}

/** Expects that input ends only a stream, section 5.4.2: the next request is answered. */
export function expectStreamError(
  streamId: number,
  code: ErrorCodeName,
  ...input: readonly OctetVector[]
): void {
  const { frames, state } = answersTo(ONLY_NEXT, ...input, nextRequest(NEXT_STREAM))
  expect(frames).toMatchObject([
    { type: 'RST_STREAM', streamId, errorCode: code },
    { type: 'HEADERS', streamId: NEXT_STREAM },
  ])
  expect(state).toBe('open')
}

/** Expects that there is neither a response to the input nor an error. */
export function expectIgnored(...input: readonly OctetVector[]): void {
  const { frames, state, error } = answersTo(ONLY_NEXT, ...input, nextRequest(NEXT_STREAM))
  expect(error).toBeUndefined()
  expect(frames).toMatchObject([{ type: 'HEADERS', streamId: NEXT_STREAM }])
  expect(state).toBe('open')
}

/** A request that reached the application, and its response. */
export interface Exchange {
  readonly request: ServerRequest
  readonly response: ServerResponse
}

/**
 * A conversation step by step, in which the test is client and application. Requests wait in {@link
 * exchanges} until the test responds.
 */
export class Conversation {
  readonly connection: Http2Connection
  /** The requests in the order they arrived. */
  readonly exchanges: Exchange[] = []

  constructor(
    init: Partial<Http2Init> & {
      readonly settings?: Partial<Record<SettingsParameterName, number>>
    } = {},
  ) {
    const { app, settings, ...rest } = init
    const waiting: Handler = (request, response) => {
      this.exchanges.push({ request, response })
    }
    this.connection = http2Connection((app as Handler | undefined) ?? waiting, rest)
    this.send(opening(settings))
  }

  /** Sends frames, and returns the output. */
  send(...frames: readonly OctetVector[]): ParsedFrame[] {
    this.receive(...frames)
    return this.take()
  }

  /** Sends frames, and leaves the answers where they are. */
  receive(...frames: readonly OctetVector[]): void {
    this.connection.receive(concatenate(...frames))
    takeTurns(this.connection)
  }

  /** Returns what the server has to say. */
  take(): ParsedFrame[] {
    return parseFrames(takeAll(this.connection))
  }

  /** The last request. */
  get last(): Exchange {
    return this.exchanges.at(-1) as Exchange
  }
}

/** The lengths of the DATA frames on a stream. */
export function dataLengths(frames: readonly ParsedFrame[], streamId: number): number[] {
  return frames.flatMap((frame) =>
    frame.type === 'DATA' && frame.streamId === streamId ? [frame.length] : [],
  )
}

/** The total length of DATA on a stream in octets. */
export function dataLength(frames: readonly ParsedFrame[], streamId: number): number {
  return dataLengths(frames, streamId).reduce((sum, length) => sum + length, 0)
}
