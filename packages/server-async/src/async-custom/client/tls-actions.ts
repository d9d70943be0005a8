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
 * The actions of a client with TLS, between OpenSSL and its two memory BIOs.
 */

/**
 * Goes on with the handshake (3).
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
    // Octets of the first request may have come with the handshake's last ones.
  } else {
    client.state = (client.state & ~CAN_READ_SSL) | BIO_NEEDS_READ
  }
}

/**
 * Decrypts one record at most, and gives it to the connection (3).
 *
 * @throws TlsConnectionError
 */
export function sslRead(client: Client, context: ActionContext): void {
  const tls = tlsOf(client)
  const { plainBuffer } = context
  const count = tls.read(plainBuffer)
  if (count > 0) {
    receive(client, plainBuffer.first(count), context)
    // Costs half of what another read costs that only says so.
    if (count < plainBuffer.length && !tls.pending) waitForInput(client)
  } else {
    waitForInput(client)
    // The alert close_notify.
    if (count === 0) endInput(client)
  }
}

/** OpenSSL needs more of the socket's octets. */
function waitForInput(client: Client): void {
  client.state = (client.state & ~CAN_READ_SSL) | BIO_NEEDS_READ
}

/**
 * Encrypts what was taken from the connection (4), until there is enough for one write.
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

/**
 * Moves encrypted octets to the write buffer (5), which all clients share: the next action writes
 * them.
 */
export function moveEncryptedBytes(client: Client, { writeBuffer }: ActionContext): void {
  const tls = tlsOf(client)
  const count = tls.take(writeBuffer)
  if (count < writeBuffer.length) {
    // These were all.
    client.encrypted = 0
    client.state = (client.state & ~CAN_READ_BIO) | CAN_WRITE_SSL
    // OpenSSL would keep as much memory for the client: it is worth the microsecond.
    if (count > LARGE_BATCH) tls.releaseMemory()
    if (count === 0) return
  }
  client.toWrite = writeBuffer
  client.writeFrom = 0
  client.writeTo = count
  client.state |= HAS_DATA_TO_WRITE
}

function tlsOf({ tls }: Client): MemoryTlsConnection {
  if (tls === undefined) throw new TypeError('A client without TLS has no such action.')
  return tls
}
