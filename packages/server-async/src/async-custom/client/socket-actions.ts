import { readSocket, TlsConnectionError, WOULD_BLOCK, writeSocket } from '@h2lab/tls-context/native'
import { publishRead, publishWrite } from '../diagnostics'
import type { ActionContext } from './action-context'
import { type Client, NO_OCTETS } from './client'
import {
  BIO_NEEDS_READ,
  CAN_READ_PORT,
  CAN_READ_SSL,
  CAN_WRITE_PORT,
  CAN_WRITE_SSL,
  HAS_DATA_TO_ENCRYPT,
  HAS_DATA_TO_WRITE,
  HAS_OUTPUT,
  HOLDS_INPUT,
} from './client-state'

/**
 * Reads what the socket has (1), and gives it to OpenSSL (2), or to the connection if there is
 * no TLS. A read that isn't filled has emptied the socket, unless its end was reported: the call that would only say so
 * is spared.
 */
export function processDataOnSocket(client: Client, context: ActionContext): void {
  const { readBuffer } = context
  const count = readSocket(client.descriptor, readBuffer)
  if (context.observed) publishRead(client, count)
  if (count === WOULD_BLOCK) {
    client.state &= ~CAN_READ_PORT
    return
  }
  if (count === 0) {
    client.state &= ~CAN_READ_PORT
    // TLS ends by close_notify. Without it the connection was cut, RFC 8446 section 6.1.
    if (client.tls !== undefined && !client.inputEnded) client.connection?.abandon()
    endInput(client)
    return
  }
  client.readAllowance -= count
  const isEmpty = count < readBuffer.length && !client.endReported
  if (isEmpty || client.readAllowance <= 0) client.state &= ~CAN_READ_PORT
  // The connection is over: what still comes is of no use.
  if (client.phase === 'flushing' || client.phase === 'lingering') return
  if (client.tls === undefined) {
    receive(client, readBuffer.first(count), context)
    return
  }
  client.tls.feed(readBuffer, count)
  client.state = (client.state & ~BIO_NEEDS_READ) | CAN_READ_SSL
}

/** Gives octets to the connection. */
export function receive(client: Client, octets: Uint8Array, { now }: ActionContext): void {
  const { connection } = client
  if (connection === undefined) return
  connection.tick(now)
  connection.receive(octets)
  client.state |= HAS_OUTPUT
  // Otherwise it doesn't matter: output is taken before more is read.
  if ((client.state & CAN_WRITE_PORT) === 0 && connection.holdsInput) client.state |= HOLDS_INPUT
}

/**
 * The client has sent its last octet: what it has begun is finished, and then its socket closed. With TLS that is told
 * twice, by close_notify and by the socket: the first counts.
 *
 * @throws TlsConnectionError in the handshake
 */
export function endInput(client: Client): void {
  if (client.inputEnded) return
  client.inputEnded = true
  if (client.phase === 'handshake') {
    throw new TlsConnectionError('ECONNRESET', 'TLS handshake failed: the client has left.')
  }
  client.connection?.endInput()
  client.state |= HAS_OUTPUT
}

/**
 * Takes output of the connection, one run, to be encrypted, or to be written if there is no TLS.
 * It isn't copied, and its memory is given back once it was encrypted, or written: so a connection writes its
 * answers into the same memory again and again, which is in the processor's cache.
 */
export function sendUnencryptedBytes(client: Client): void {
  const { connection } = client
  const run = connection?.takeOutput()
  if ((client.state & HOLDS_INPUT) !== 0 && !connection?.holdsInput) client.state &= ~HOLDS_INPUT
  if (run === undefined) {
    client.state &= ~HAS_OUTPUT
  } else if (client.tls === undefined) {
    client.toWrite = run
    client.writeFrom = 0
    client.writeTo = run.length
    client.state |= HAS_DATA_TO_WRITE
  } else {
    client.toEncrypt = run
    client.encryptFrom = 0
    client.state |= HAS_DATA_TO_ENCRYPT
  }
}

/**
 * Writes to the socket (6). What it doesn't take waits until poll says that it does again, in
 * memory of the client's own.
 */
export function writeDataToSocket(client: Client, { writeBuffer, observed }: ActionContext): void {
  const { toWrite: octets, writeFrom: from, writeTo: to } = client
  const written = writeSocket(
    client.descriptor,
    from === 0 ? octets : octets.subarray(from),
    to - from,
  )
  const count = written === WOULD_BLOCK ? 0 : written
  if (observed) publishWrite(client, count)
  client.writeAllowance -= count
  if (count === to - from) {
    if (client.tls === undefined) client.connection?.giveBack?.(octets)
    client.toWrite = NO_OCTETS
    client.state &= ~HAS_DATA_TO_WRITE
    client.isBehind = client.writeAllowance <= 0
    if (client.isBehind) client.state &= ~CAN_WRITE_PORT
    return
  }
  client.state &= ~CAN_WRITE_PORT
  client.isBehind = true
  if (octets !== writeBuffer) {
    client.writeFrom = from + count
    return
  }
  client.toWrite = octets.slice(count, to)
  client.writeFrom = 0
  client.writeTo = to - count
}

/** The state of a client whose connection is over, for the wait until it closes its side. */
export const LINGERING_STATE = BIO_NEEDS_READ | CAN_WRITE_SSL | CAN_WRITE_PORT

/** The state of a client that is closed: nothing is possible. */
export const CLOSED_STATE = 0
