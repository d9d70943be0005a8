import { setMaxListeners } from 'node:events'
import type { Socket } from 'node:net'
import { type OctetVector, type OptionNamesOf, octetsEqual } from '@h2lab/octets'
import { MeasureError } from '../errors'
import { HELLO_WORLD } from '../implementations/hello-world'
import { connect } from '../load/connect'
import { HTTP_VERSION_NAMES, type HttpVersion } from '../load/http-version'
import { checkOptionNames } from '../option-names'
import { type Answer, ASK, type Asked } from './ask'

/** What to expect of an answer. */
export interface AnswerCheck {
  /**
   * Default `hello-world`: status 200 and the octets that all servers of an experiment answer with. `any`: status
   * 2xx, for a remote server.
   */
  readonly body?: 'hello-world' | 'any' | undefined
  /**
   * How many connections send a request at the same time. Default 1. A server with a thread per client has started
   * all of them when the check is over.
   */
  readonly connections?: number | undefined
  /** Ends the check early. */
  readonly signal?: AbortSignal | undefined
}

const OPTIONS: OptionNamesOf<AnswerCheck> = { body: true, connections: true, signal: true }

/** How long a server may take for its answers, in milliseconds. */
const ANSWER_TIME = 10_000

/** Additional time for each connection, in milliseconds: a busy machine takes this long to start a thread. */
const TIME_PER_CONNECTION = 200

/** How many listeners a signal has in addition to those of the connections, with a margin. */
const MOST_OTHER_LISTENERS = 10

/** How long a server may take to close a connection after its client has, in milliseconds. */
const CLOSE_TIME = 1000

/**
 * Checks that a server gives the measured answer in the measured protocol. Otherwise a fast server that answers
 * something else would win any comparison. It makes one request per connection and keeps all connections open until
 * all are answered. Then it closes them.
 *
 * @throws MeasureError `WRONG_ANSWER` if it does not; `TIMED_OUT` if an answer takes too long
 * @throws MeasureError `USAGE` if an option does not exist
 * @throws the signal's reason
 */
export async function checkAnswer(
  url: string,
  httpVersion: HttpVersion,
  options: AnswerCheck = {},
): Promise<void> {
  checkOptionNames(options, OPTIONS)
  const { body = 'hello-world', connections = 1, signal } = options
  signal?.throwIfAborted()
  const target = new URL(url)
  const expected = body === 'any' ? ANY_ANSWER : HELLO_WORLD_ANSWER
  const allowed = ANSWER_TIME + connections * TIME_PER_CONNECTION
  const timeout = AbortSignal.timeout(allowed)
  const ended = signal === undefined ? timeout : AbortSignal.any([timeout, signal])
  let answers: Answer[]
  try {
    answers = await answersOf(target, httpVersion, expected.enough, connections, allowed, ended)
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof MeasureError) throw cause
    if (timeout.aborted) {
      const reason = `${url} gave no complete answer within ${allowed} ms.`
      throw new MeasureError('TIMED_OUT', reason, { cause })
    }
    throw wrongAnswer(`no answer in ${HTTP_VERSION_NAMES[httpVersion]}: ${reasonOf(cause)}`, cause)
  }
  const fault = answers.map(expected.faultOf).find((one) => one !== undefined)
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
  /** How many octets of a body are needed to tell. */
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

async function answersOf(
  url: URL,
  httpVersion: HttpVersion,
  enough: number,
  connections: number,
  allowed: number,
  ended: AbortSignal,
): Promise<Answer[]> {
  const sockets: Socket[] = []
  // A failed connection ends the others, including those not connected yet.
  const controller = new AbortController()
  const signal = AbortSignal.any([ended, controller.signal])
  // Each connection adds a listener. Without this, Node.js warns of a leak.
  setMaxListeners(connections + MOST_OTHER_LISTENERS, signal)
  const ask = async (): Promise<Asked> => {
    const socket = await connect(url, httpVersion, { signal, time: allowed })
    sockets.push(socket)
    return ASK[httpVersion](socket, url, enough)
  }
  try {
    const asked = await Promise.all(Array.from({ length: connections }, ask))
    const closing = Promise.all(sockets.map(closed))
    for (const { end } of asked) end()
    await closing
    return asked.map(({ answer }) => answer)
  } finally {
    controller.abort()
  }
}

/**
 * Waits until the server has closed the connection as well. Only then a server with one client at a time, or with a
 * thread per client, is free for the next.
 */
function closed(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy(), CLOSE_TIME)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
