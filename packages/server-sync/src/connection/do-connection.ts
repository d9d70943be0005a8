import type { Connection } from '@h2lab/mini-http2'
import type { OctetVector } from '@h2lab/octets'
import { type OctetStream, SocketTimeoutError } from '@h2lab/tls-context/native'
import { ReadTimeoutError } from './errors'

/** What a server is doing: another thread may change it while a loop waits. */
export type ServerPhase = 'serving' | 'draining' | 'killed'

/** How {@link doConnection} serves. */
export interface DoConnectionOptions {
  /**
   * How long the client may send nothing, in milliseconds. The stream's reads have to wait less at a
   * time. Default: for ever.
   */
  readonly readTimeout?: number
  /** Asked after each read, what the server is doing. Default: always serving. */
  readonly phase?: () => ServerPhase
  /** What is read into. Default: 65,536 octets of its own. */
  readonly buffer?: OctetVector
}

/** Who came to the end first: a client that has, waits for nothing more. */
export type ConnectionEnd = 'client' | 'server'

/**
 * As much as a client sends in one go before it waits. TLS gives a record at a time, 16,384 octets.
 */
export const READ_BUFFER_LENGTH = 65_536

/** What {@link read} returns when the stream's timeout has passed. */
const TIMED_OUT = -1

/**
 * The naive loop: read what is there, give it to the protocol, write what it returns, until GOAWAY or the
 * end. It blocks the calling thread. Neither the stream is closed at the end nor the connection abandoned.
 *
 * A stream whose reads have a timeout lets the loop look at its clock and at the server's phase while
 * the client is silent.
 *
 * @param stream in blocking mode
 * @param connection answers before `receive` returns, or not at all
 * @throws ReadTimeoutError, and what reading and writing throws: SystemCallError, TlsConnectionError,
 *   SocketTimeoutError for a client that takes nothing
 */
export function doConnection(
  stream: OctetStream,
  connection: Connection,
  options: DoConnectionOptions = {},
): ConnectionEnd {
  const { readTimeout = Number.POSITIVE_INFINITY, phase = alwaysServing } = options
  const buffer = options.buffer ?? new Uint8Array(READ_BUFFER_LENGTH)
  let heardAt = performance.now()
  // Hot path: one read batch in, at most one write out. `npm run bench` (server-sync) has its times.
  for (;;) {
    const count = read(stream, buffer)
    const now = performance.now()
    const current = phase()
    if (current === 'killed') return 'server'
    connection.tick(now)
    if (count > 0) {
      heardAt = now
      connection.receive(count === buffer.length ? buffer : buffer.subarray(0, count))
    } else if (count === 0) {
      connection.endInput()
    } else if (now - heardAt >= readTimeout) {
      endSilent(stream, connection, readTimeout)
      return 'server'
    }
    if (current === 'draining') connection.drain()
    sendOutput(stream, connection)
    // Behind the input's end no window opens any more: what isn't sent by now never will be.
    if (count === 0) return 'client'
    if (connection.state === 'closed') return 'server'
  }
}

function alwaysServing(): ServerPhase {
  return 'serving'
}

function read(stream: OctetStream, buffer: OctetVector): number {
  try {
    return stream.read(buffer)
  } catch (error) {
    if (error instanceof SocketTimeoutError) return TIMED_OUT
    throw error
  }
}

/** Writes all there is: one run, unless it is longer than the protocol keeps at once. */
function sendOutput(stream: OctetStream, connection: Connection): void {
  for (let run = connection.takeOutput(); run !== undefined; run = connection.takeOutput()) {
    stream.write(run)
    connection.giveBack?.(run)
  }
}

/** An idle client is sent away in good order. One that leaves something in the middle is at fault. */
function endSilent(stream: OctetStream, connection: Connection, readTimeout: number): void {
  connection.endInput()
  sendOutput(stream, connection)
  if (connection.state !== 'closed') throw new ReadTimeoutError(readTimeout)
}
