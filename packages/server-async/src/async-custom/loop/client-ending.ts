import {
  type ConnectionFault,
  FLUSH_TIME,
  HALF_CLOSED_PAUSE,
  isDeparture,
  LINGER_TIME,
} from '@h2lab/mini-http2/server'
import {
  SystemCallError,
  shutdownSocket,
  TlsConnectionError,
  writeSocket,
} from '@h2lab/tls-context/native'
import type { ActionContext } from '../client/action-context'
import { type Client, NO_OCTETS } from '../client/client'
import { ANY_OUTPUT, CAN_READ_BIO, HAS_DATA_TO_ENCRYPT, HAS_OUTPUT } from '../client/client-state'
import { doAvailableActions } from '../client/process-client'
import { CLOSED_STATE, LINGERING_STATE } from '../client/socket-actions'

/**
 * How clients end: in good order, `serving -> flushing -> lingering -> closed`; by a fault, which is told
 * once; or at once. Whatever the way, their memory is freed once, at `closed`.
 */
export class ClientEnding {
  readonly #context: ActionContext
  readonly #onFault: (fault: ConnectionFault) => void
  readonly #onClosed: (client: Client) => void

  /**
   * @param onFault told why a client was lost
   * @param onClosed called once for each client, to close its descriptor and forget it
   */
  constructor(
    context: ActionContext,
    onFault: (fault: ConnectionFault) => void,
    onClosed: (client: Client) => void,
  ) {
    this.#context = context
    this.#onFault = onFault
    this.#onClosed = onClosed
  }

  /** Goes on with the end of a client whose connection is over; does nothing for others. */
  follow(client: Client): void {
    const { connection } = client
    if (client.phase === 'serving' && connection?.state === 'closed') {
      client.phase = 'flushing'
      client.flushEnd = this.#context.now + FLUSH_TIME
      client.phaseDeadline = client.flushEnd
      const { error } = connection
      if (error !== undefined) this.#report(client, error)
      // Nobody is there who would take the rest.
      if (error?.code === 'KEEP_ALIVE_TIMEOUT') this.close(client)
    }
    if (client.phase === 'flushing' && client.inputEnded) {
      // It has a turn when its socket has taken some of it.
      client.phaseDeadline = Math.min(client.flushEnd, this.#context.now + HALF_CLOSED_PAUSE)
    }
    if (client.phase === 'flushing' && (client.state & ANY_OUTPUT) === 0) this.#sayGoodbye(client)
    if (client.phase === 'lingering' && client.inputEnded) this.close(client)
  }

  /** A client is lost. With TLS it is told why, if OpenSSL has an alert for it. */
  fail(client: Client, error: Error): void {
    if (client.phase === 'closed') return
    // A client that breaks the protocol often doesn't wait for its GOAWAY. One that has had its answers
    // may reset the connection.
    if (client.phase !== 'lingering' && !hasLeft(client, error)) {
      this.#report(client, client.connection?.error ?? error)
    }
    if (client.phase === 'lingering' || error instanceof SystemCallError) {
      this.close(client)
      return
    }
    try {
      this.#sendAlert(client)
      client.connection?.abandon()
      this.#linger(client)
    } catch {
      this.close(client)
    }
  }

  /** Ends a client at once. May be called again. */
  close(client: Client): void {
    if (client.phase === 'closed') return
    client.phase = 'closed'
    client.state = CLOSED_STATE
    this.#onClosed(client)
    client.tls?.free()
    client.connection?.abandon()
  }

  /** All output is sent: the end is told by close_notify, and by the socket. */
  #sayGoodbye(client: Client): void {
    // From here on a client that has gone is no fault.
    client.phase = 'lingering'
    if (client.tls !== undefined) {
      client.tls.shutdown()
      client.state |= CAN_READ_BIO
      doAvailableActions([client], this.#context)
    }
    if (client.phase === 'lingering') this.#linger(client)
  }

  /** Waits for the client to close its side. */
  #linger(client: Client): void {
    client.phase = 'lingering'
    client.phaseDeadline = this.#context.now + LINGER_TIME
    client.state = LINGERING_STATE
    // What the socket has is reported once more.
    client.readAllowance = 0
    client.toWrite = NO_OCTETS
    client.toEncrypt = NO_OCTETS
    if (client.inputEnded || !shutdownSocket(client.descriptor, 'write')) this.close(client)
  }

  #sendAlert({ tls, descriptor, toWrite }: Client): void {
    const { writeBuffer } = this.#context
    const count = tls === undefined || toWrite.length > 0 ? 0 : tls.take(writeBuffer)
    if (count > 0) writeSocket(descriptor, writeBuffer, count)
  }

  #report(client: Client, error: Error): void {
    if (client.faultReported) return
    client.faultReported = true
    this.#onFault({ error, peer: client.peer })
  }
}

/**
 * Tells whether a client has left with all its responses. It doesn't have them if output waits that was taken
 * from the connection; a write that fails at its first attempt is how the end of a client shows.
 */
function hasLeft({ state, isBehind, connection }: Client, error: Error): boolean {
  const waiting = isBehind ? ANY_OUTPUT & ~HAS_OUTPUT : HAS_DATA_TO_ENCRYPT
  return (state & waiting) === 0 && isDeparture(error, connection)
}

/** The fault of a client whose TLS handshake took too long. */
export function handshakeTimeout(): TlsConnectionError {
  return new TlsConnectionError(
    'ERR_TLS_HANDSHAKE_TIMEOUT',
    'The TLS handshake was not done in time (limits.prefaceTimeout).',
  )
}
