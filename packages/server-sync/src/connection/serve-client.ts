import { LINGER_TIME } from '@h2lab/mini-http2/server'
import {
  closeDescriptor,
  maybeAddTls,
  type OctetStream,
  readSocket,
  setBlocking,
  setNoDelay,
  setReceiveTimeout,
  setSendTimeout,
  shutdownSocket,
} from '@h2lab/tls-context/native'
import type { ClientSlot } from '../control/client-slot'
import { peerName } from '../listener/accept-clients'
import type { Loop } from '../loop/load-loop'
import type { Steps } from '../loop/turns'
import { connectionSteps } from './do-connection'

/**
 * How long a read or write waits before the loop checks the time and the server's phase, in milliseconds. Timeouts
 * are seconds long, and a graceful end is noticed soon enough.
 */
const READ_INTERVAL = 250

/**
 * Serves the client of a slot from its TLS handshake to its end. Blocks the calling thread. An error ends only this
 * client and is reported. Afterwards the slot has no client, its thread is idle, and the descriptor is closed.
 */
export function* serveClient(slot: ClientSlot, loop: Loop): Steps {
  const descriptor = slot.client
  if (descriptor === undefined) return
  const { control, onFault } = loop
  // A client can't be interrupted before it is in its slot. A kill after this check interrupts it.
  if (control.killed) {
    slot.finishClient(closeDescriptor)
    return
  }
  const peer = peerName(descriptor)
  let stream: OctetStream | undefined
  try {
    setReceiveTimeout(descriptor, READ_INTERVAL)
    setSendTimeout(descriptor, READ_INTERVAL)
    setNoDelay(descriptor, loop.noDelay)
    stream = maybeAddTls(descriptor, loop.tls, { handshakeTimeout: loop.handshakeTimeout })
    yield* serveStream(stream, peer, loop)
  } catch (error) {
    // Errors after a kill are expected.
    if (!control.killed) onFault({ error: error as Error, peer })
    if (stream === undefined) endHandshake(descriptor, loop)
  } finally {
    slot.finishClient(() => {
      if (stream === undefined) closeDescriptor(descriptor)
      else stream.close()
    })
  }
}

function* serveStream(stream: OctetStream, peer: string, loop: Loop): Steps {
  const { control, readTimeout, writeTimeout, buffer, onFault } = loop
  const connection = loop.newConnection(performance.now())
  const phase = () => control.phase
  try {
    const options = { readTimeout, writeTimeout, phase, buffer }
    const end = yield* connectionSteps(stream, connection, options)
    if (connection.error !== undefined) onFault({ error: connection.error, peer })
    if (control.killed || end === 'lost') return
    stream.shutdown()
    if (end === 'server') linger(stream.descriptor, loop)
  } catch (error) {
    // A client that violates the protocol often does not wait for the GOAWAY.
    throw connection.error ?? error
  } finally {
    connection.abandon()
  }
}

/** Lets the alert reach the client. The socket is still in the mode of the handshake. */
function endHandshake(descriptor: number, loop: Loop): void {
  setBlocking(descriptor, true)
  if (shutdownSocket(descriptor, 'write')) linger(descriptor, loop)
}

/** Reads and discards what the client still sends. */
function linger(descriptor: number, { control, buffer }: Loop): void {
  const end = performance.now() + LINGER_TIME
  try {
    while (performance.now() < end && !control.killed) {
      if (readSocket(descriptor, buffer) === 0) return
    }
  } catch {
    // A reset: the client does not read any more either.
  }
}
