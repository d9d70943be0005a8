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
 * Reads from the socket (1) and passes the octets to OpenSSL (2), or to the connection without TLS. A read that does
 * not fill the buffer has emptied the socket, unless the end of the input was reported. This saves the call that
 * would only return EAGAIN.
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
    // TLS ends with close_notify. Otherwise the connection was cut, RFC 8446 section 6.1.
    if (client.tls !== undefined && !client.inputEnded) client.connection?.abandon()
    endInput(client)
    return
  }
  client.readAllowance -= count
  const isEmpty = count < readBuffer.length && !client.endReported
  if (isEmpty || client.readAllowance <= 0) client.state &= ~CAN_READ_PORT
  // The connection is over, so further input is ignored.
  if (client.phase === 'flushing' || client.phase === 'lingering') return
  if (client.tls === undefined) {
    receive(client, readBuffer.first(count), context)
    return
  }
  client.tls.feed(readBuffer, count)
  client.state = (client.state & ~BIO_NEEDS_READ) | CAN_READ_SSL
}

/** Passes octets to the connection. */
export function receive(client: Client, octets: Uint8Array, context: ActionContext): void {
  const { connection } = client
  if (connection === undefined) return
  connection.tick(context.now)
  connection.receive(octets)
  if (!connection.awaitsTurn || context.goOn(client, connection)) client.state |= HAS_OUTPUT
  if (connection.nearsTurnEnd) context.onNearTurnEnd(connection)
  if (connection.holdsInput) client.state |= HOLDS_INPUT
}

/** It is the client's turn, for which it has waited. */
export function takeTurn(client: Client, context: ActionContext): void {
  const { connection } = client
  if (connection === undefined) return
  connection.tick(context.now)
  if (!connection.awaitsTurn || context.goOn(client, connection)) client.state |= HAS_OUTPUT
  // Where the socket takes no output, nothing else would let reading go on.
  if (!connection.holdsInput) client.state &= ~HOLDS_INPUT
}

/**
 * The client sent its last octet. Requests in progress are finished, then the socket is closed. With TLS the end is
 * signaled twice, by close_notify and by the socket. The first one counts.
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
 * Takes one run of output from the connection, to be encrypted, or to be written without TLS. It is not copied. Its
 * memory is given back after encryption or writing, so the connection reuses memory that is still in the processor's
 * cache.
 */
export function sendUnencryptedBytes(client: Client, context: ActionContext): void {
  const { connection } = client
  const run = connection?.takeOutput()
  // Taken output may have let held input go on.
  const hasMore = connection?.awaitsTurn === true && context.goOn(client, connection)
  if ((client.state & HOLDS_INPUT) !== 0 && !connection?.holdsInput) client.state &= ~HOLDS_INPUT
  if (run === undefined) {
    if (!hasMore) client.state &= ~HAS_OUTPUT
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
 * Writes to the socket (6). What the socket does not accept is kept in memory of the client until the socket is
 * writable again.
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

/** The state of a client whose connection is over, while it waits for the client to close its side. */
export const LINGERING_STATE = BIO_NEEDS_READ | CAN_WRITE_SSL | CAN_WRITE_PORT

/** The state of a closed client: no action is possible. */
export const CLOSED_STATE = 0
