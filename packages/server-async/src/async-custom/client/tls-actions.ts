import { HANDSHAKE_DONE, type MemoryTlsConnection } from '@h2lab/tls-context/native'
import { type ActionContext, LARGE_BATCH, WRITE_LENGTH } from './action-context'
import { type Client, NO_OCTETS } from './client'
import {
  BIO_NEEDS_READ,
  CAN_READ_BIO,
  CAN_READ_SSL,
  CAN_WRITE_SSL,
  HANDSHAKE_NEEDED,
  HAS_DATA_TO_ENCRYPT,
  HAS_DATA_TO_WRITE,
} from './client-state'
import { endInput, receive } from './socket-actions'

/*
 * The actions of a client with TLS, on OpenSSL and its two memory BIOs.
 */

/**
 * Continues the handshake (3).
 *
 * @throws TlsConnectionError
 */
export function sslHandshake(client: Client, context: ActionContext): void {
  const tls = tlsOf(client)
  const outcome = tls.handshake()
  if (tls.pendingOutput > 0) client.state |= CAN_READ_BIO
  if (outcome === HANDSHAKE_DONE) {
    client.state &= ~HANDSHAKE_NEEDED
    context.admit(client)
    // The first request may have arrived with the end of the handshake.
  } else {
    client.state = (client.state & ~CAN_READ_SSL) | BIO_NEEDS_READ
  }
}

/**
 * Decrypts at most one record and passes it to the connection (3).
 *
 * @throws TlsConnectionError
 */
export function sslRead(client: Client, context: ActionContext): void {
  const tls = tlsOf(client)
  const { plainBuffer } = context
  const count = tls.read(plainBuffer)
  if (count > 0) {
    receive(client, plainBuffer.first(count), context)
    // Costs half as much as another read that returns nothing.
    if (count < plainBuffer.length && !tls.pending) waitForInput(client)
  } else {
    waitForInput(client)
    // The alert close_notify.
    if (count === 0) endInput(client)
  }
}

/** OpenSSL needs more input from the socket. */
function waitForInput(client: Client): void {
  client.state = (client.state & ~CAN_READ_SSL) | BIO_NEEDS_READ
}

/**
 * Encrypts output taken from the connection (4), up to the size of one write.
 *
 * @throws TlsConnectionError
 */
export function encryptData(client: Client, { encryptBuffer }: ActionContext): void {
  const { toEncrypt: run, encryptFrom: from } = client
  const count = Math.min(run.length - from, WRITE_LENGTH - client.encrypted)
  const tls = tlsOf(client)
  if (count < run.length) {
    tls.write(run.subarray(from, from + count))
  } else if (count <= encryptBuffer.length) {
    encryptBuffer.set(run)
    tls.write(encryptBuffer, count)
  } else {
    tls.write(run)
  }
  client.state |= CAN_READ_BIO
  client.encrypted += count
  client.encryptFrom = from + count
  if (client.encryptFrom === run.length) {
    client.connection?.giveBack?.(run)
    client.toEncrypt = NO_OCTETS
    client.state &= ~HAS_DATA_TO_ENCRYPT
  }
  if (client.encrypted === WRITE_LENGTH) client.state &= ~CAN_WRITE_SSL
}

/** Moves encrypted octets to the write buffer (5). All clients share it, so the next action writes them. */
export function moveEncryptedBytes(client: Client, { writeBuffer }: ActionContext): void {
  const tls = tlsOf(client)
  const count = tls.take(writeBuffer)
  if (count < writeBuffer.length) {
    // Nothing is left.
    client.encrypted = 0
    client.state = (client.state & ~CAN_READ_BIO) | CAN_WRITE_SSL
    // OpenSSL would keep a buffer of this size for the client. Freeing it costs about a microsecond.
    if (count > LARGE_BATCH) tls.releaseMemory()
    if (count === 0) return
  }
  client.toWrite = writeBuffer
  client.writeFrom = 0
  client.writeTo = count
  client.state |= HAS_DATA_TO_WRITE
}

function tlsOf({ tls }: Client): MemoryTlsConnection {
  if (tls === undefined) throw new TypeError('This action requires a client with TLS.')
  return tls
}
