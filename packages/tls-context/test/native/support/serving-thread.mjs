import { parentPort, workerData } from 'node:worker_threads'
import {
  acceptClient,
  closeDescriptor,
  HANDSHAKE_DONE,
  listenOn,
  localAddress,
  MemoryTlsConnection,
  NativeTlsContext,
  readSocket,
  setReceiveTimeout,
  wrapToTls,
  writeSocket,
} from '@h2lab/tls-context/native'

/*
 * A thread that serves TLS from the built package, one client after the other: tells about each handshake,
 * sends one octet, and reads until the client ends. It ends itself when the listener is shut down.
 */
const { options, over } = workerData

const context = new NativeTlsContext(options)
const listener = listenOn({ address: '127.0.0.1', port: 0 })
parentPort.postMessage({ kind: 'listening', listener, port: localAddress(listener).port })
for (;;) {
  const descriptor = nextClient()
  if (descriptor === undefined) break
  // No test takes as long; a fault of the server's would else hold it for ever.
  setReceiveTimeout(descriptor, 10_000)
  try {
    if (over === 'memory') serveOverMemory(descriptor)
    else serveOverDescriptor(descriptor)
  } catch (error) {
    parentPort.postMessage({ kind: 'failed', code: error.code, message: error.message })
  }
}
closeDescriptor(listener)
context.free()

function nextClient() {
  try {
    return acceptClient(listener)
  } catch (error) {
    if (error.code === 'EINVAL') return undefined
    throw error
  }
}

function serveOverDescriptor(descriptor) {
  let stream
  try {
    stream = wrapToTls(descriptor, context)
  } catch (error) {
    closeDescriptor(descriptor)
    throw error
  }
  try {
    tellAbout(stream.connection)
    stream.write(Buffer.from('.'))
    const octets = Buffer.alloc(16_384)
    while (stream.read(octets) > 0);
    stream.shutdown()
  } finally {
    stream.close()
  }
}

function serveOverMemory(descriptor) {
  const connection = new MemoryTlsConnection(context)
  const encrypted = Buffer.alloc(16_384)
  const decrypted = Buffer.alloc(16_384)
  const flush = () => {
    for (let count = connection.take(encrypted); count > 0; count = connection.take(encrypted)) {
      writeSocket(descriptor, encrypted.subarray(0, count))
    }
  }
  try {
    let done = false
    for (;;) {
      const count = readSocket(descriptor, encrypted)
      if (count <= 0) return
      connection.feed(encrypted.subarray(0, count))
      try {
        if (!done && connection.handshake() === HANDSHAKE_DONE) {
          done = true
          tellAbout(connection)
          connection.write(Buffer.from('.'))
        }
        if (done) {
          let read = connection.read(decrypted)
          while (read > 0) read = connection.read(decrypted)
          if (read === 0) return
        }
      } finally {
        flush()
      }
    }
  } finally {
    connection.shutdown()
    try {
      flush()
    } catch {
      // The client has gone already.
    }
    connection.free()
    closeDescriptor(descriptor)
  }
}

function tellAbout(connection) {
  parentPort.postMessage({
    kind: 'handshake',
    handshake: {
      alpn: connection.alpnProtocol,
      certificate: connection.peerCertificate?.fingerprint256,
      authorized: connection.authorized,
    },
  })
}
