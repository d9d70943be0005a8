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
 * Ends clients: gracefully (`serving -> flushing -> lingering -> closed`), after an error, which is reported once, or
 * at once. Either way a client's memory is freed once, at `closed`.
 */
export class ClientEnding {
  readonly #context: ActionContext
  readonly #onFault: (fault: ConnectionFault) => void
  readonly #onClosed: (client: Client) => void

  /**
   * @param onFault called with the reason why a client was lost
   * @param onClosed called once per client, to close its descriptor and remove it
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

  /** Continues ending a client whose connection is over. Does nothing for others. */
  follow(client: Client): void {
    const { connection } = client
    if (client.phase === 'serving' && connection?.state === 'closed') {
      client.phase = 'flushing'
      client.flushEnd = this.#context.now + FLUSH_TIME
      client.phaseDeadline = client.flushEnd
      const { error } = connection
      if (error !== undefined) this.#report(client, error)
      // The client is gone, so sending the rest would be useless.
      if (error?.code === 'KEEP_ALIVE_TIMEOUT') this.close(client)
    }
    if (client.phase === 'flushing' && client.inputEnded) {
      // It is served again when its socket has accepted some of the output.
      client.phaseDeadline = Math.min(client.flushEnd, this.#context.now + HALF_CLOSED_PAUSE)
    }
    if (client.phase === 'flushing' && (client.state & ANY_OUTPUT) === 0) this.#sayGoodbye(client)
    if (client.phase === 'lingering' && client.inputEnded) this.close(client)
  }

  /** Ends a client after an error. With TLS it gets an alert if OpenSSL has one. */
  fail(client: Client, error: Error): void {
    if (client.phase === 'closed') return
    // A client that violates the protocol often does not wait for the GOAWAY. One that has all its responses may
    // reset the connection.
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

  /** Ends a client at once. Does nothing the second time. */
  close(client: Client): void {
    if (client.phase === 'closed') return
    client.phase = 'closed'
    client.state = CLOSED_STATE
    this.#onClosed(client)
    client.tls?.free()
    client.connection?.abandon()
  }

  /** All output is sent. Signals the end by close_notify and by the socket. */
  #sayGoodbye(client: Client): void {
    // From here on, a client that disconnects is not an error.
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
    // Makes the poller report unread input once more.
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
 * Whether a client disconnected after it received all responses. It has not if output taken from the connection is
 * still waiting. A write that fails at the first attempt usually means that the client has closed.
 */
function hasLeft({ state, isBehind, connection }: Client, error: Error): boolean {
  const waiting = isBehind ? ANY_OUTPUT & ~HAS_OUTPUT : HAS_DATA_TO_ENCRYPT
  return (state & waiting) === 0 && isDeparture(error, connection)
}

/** The error of a client whose TLS handshake took too long. */
export function handshakeTimeout(): TlsConnectionError {
  return new TlsConnectionError(
    'ERR_TLS_HANDSHAKE_TIMEOUT',
    'The TLS handshake did not finish in time (limits.prefaceTimeout).',
  )
}
