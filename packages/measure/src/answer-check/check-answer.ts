import { once } from 'node:events'
import type { Socket } from 'node:net'
import { type OctetVector, octetsEqual } from '@h2lab/octets'
import { MeasureError } from '../errors'
import { connect } from '../generators/connect'
import { HTTP_VERSION_NAMES, type HttpVersion } from '../generators/http-version'
import { HELLO_WORLD } from '../implementations/hello-world'
import { type Answer, ASK } from './ask'

/** What an answer has to be. */
export interface AnswerCheck {
  /**
   * Default `hello-world`: status 200 and the octets that all servers of an experiment answer with.
   * `any`: status 2xx, for a server that somebody else runs.
   */
  readonly body?: 'hello-world' | 'any'
  /** Ends it early. */
  readonly signal?: AbortSignal | undefined
}

/** How long a server may take for its one answer, in milliseconds. */
const ANSWER_TIME = 10_000

/**
 * Checks that a server answers what is measured, in the protocol that it is measured in: a fast
 * server that answers something else would win any comparison. It makes one connection and one
 * request, and the connection is gone afterwards.
 *
 * @throws MeasureError `WRONG_ANSWER` if it does not
 * @throws the signal's reason
 */
export async function checkAnswer(
  url: string,
  httpVersion: HttpVersion,
  { body = 'hello-world', signal }: AnswerCheck = {},
): Promise<void> {
  signal?.throwIfAborted()
  const target = new URL(url)
  const expected = body === 'any' ? ANY_ANSWER : HELLO_WORLD_ANSWER
  let answer: Answer
  try {
    answer = await oneAnswer(target, httpVersion, expected.enough, signal)
  } catch (cause) {
    signal?.throwIfAborted()
    throw wrongAnswer(`no answer in ${HTTP_VERSION_NAMES[httpVersion]}: ${reasonOf(cause)}`, cause)
  }
  const fault = expected.faultOf(answer)
  if (fault !== undefined) throw wrongAnswer(fault)

  function wrongAnswer(fault: string, cause?: unknown): MeasureError {
    return new MeasureError(
      'WRONG_ANSWER',
      `${url} gave ${fault}. It has to answer GET ${target.pathname}${target.search} in ` +
        `${HTTP_VERSION_NAMES[httpVersion]} with ${expected.name}.`,
      { cause },
    )
  }
}

interface ExpectedAnswer {
  readonly name: string
  /** How many octets of a body tell. */
  readonly enough: number
  faultOf(answer: Answer): string | undefined
}

const ANY_ANSWER: ExpectedAnswer = {
  name: 'status 2xx',
  enough: 0,
  faultOf: ({ status }) => (status >= 200 && status < 300 ? undefined : `status ${status}`),
}

const HELLO_WORLD_LENGTH = HELLO_WORLD.body.length

const HELLO_WORLD_ANSWER: ExpectedAnswer = {
  name: `status 200 and the ${HELLO_WORLD_LENGTH} octets ${quoted(HELLO_WORLD.body)}`,
  enough: HELLO_WORLD_LENGTH,
  faultOf({ status, octets }) {
    if (status !== 200) return `status ${status}`
    if (octetsEqual(octets, HELLO_WORLD.body)) return undefined
    const more = octets.length > HELLO_WORLD_LENGTH ? ' and more' : ''
    return `the octets ${quoted(octets.subarray(0, HELLO_WORLD_LENGTH))}${more}`
  },
}

function quoted(octets: OctetVector): string {
  return JSON.stringify(Buffer.from(octets).toString('latin1'))
}

async function oneAnswer(
  url: URL,
  httpVersion: HttpVersion,
  enough: number,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(ANSWER_TIME)
  const ended = signal === undefined ? timeout : AbortSignal.any([timeout, signal])
  try {
    const socket = await connect(url, httpVersion, ended)
    return await ASK[httpVersion](socket, url, enough).finally(() => closed(socket))
  } catch (cause) {
    if (!timeout.aborted) throw cause
    throw new Error(`none was complete after ${ANSWER_TIME} ms`, { cause })
  }
}

/** A server for one client at a time is free for the next only then. */
async function closed(socket: Socket): Promise<void> {
  if (socket.closed) return
  const close = once(socket, 'close')
  socket.destroy()
  await close
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
