import { describe, expect, onTestFinished, test } from 'vitest'
import { allocatedOctets } from '../../../../test-support/allocated-memory'
import { testWithProgram } from '../../../../test-support/programs'
import {
  DescriptorTlsConnection,
  HANDSHAKE_DONE,
  MemoryTlsConnection,
  NativeTlsContext,
  readSocket,
  setBlocking,
  shutdownSocket,
  type TlsConnection,
  WANT_READ,
  WANT_WRITE,
  waitForDescriptor,
  wrapToTls,
  writeSocket,
} from '../../src/native'
import { libssl } from '../../src/native/foreign/libssl'
import { SSL_CTRL_MODE, SSL_MODE_RELEASE_BUFFERS } from '../../src/native/openssl/modes'
import { makeCredentials } from '../support/credentials'
import { opensslClient } from '../support/openssl-client'
import { clients } from './support/clients'
import { accept, expectNoDescriptorLeft, listen } from './support/descriptors'
import { faultOf } from './support/fault-of'

const credentials = await makeCredentials()
const context = new NativeTlsContext(credentials)
const talk = clients()

expectNoDescriptorLeft()

/** A connection whose client has connected, driven by hand; freed when the test has finished. */
function overMemory(descriptor: number): {
  connection: MemoryTlsConnection
  /** Moves what there is, `step` octets of input at once; returns false at the client's end. */
  move(step?: number): boolean
  flush(): void
} {
  const connection = new MemoryTlsConnection(context)
  onTestFinished(() => connection.free())
  const encrypted = Buffer.alloc(16_384)
  const flush = () => {
    for (let count = connection.take(encrypted); count > 0; count = connection.take(encrypted)) {
      writeSocket(descriptor, encrypted.subarray(0, count))
    }
  }
  return {
    connection,
    flush,
    move(step = encrypted.length) {
      const count = readSocket(descriptor, encrypted.subarray(0, step))
      if (count <= 0) return false
      connection.feed(encrypted.subarray(0, count))
      return true
    },
  }
}

/** The records that a client sends, each whole: RFC 8446 section 5.1. */
function* encryptedRecords(descriptor: number): Generator<Buffer, never> {
  let received = Buffer.alloc(0)
  const piece = Buffer.alloc(65_536)
  for (;;) {
    const length = received.length < 5 ? Number.POSITIVE_INFINITY : 5 + received.readUInt16BE(3)
    if (received.length >= length) {
      yield Buffer.from(received.subarray(0, length))
      received = received.subarray(length)
      continue
    }
    const count = readSocket(descriptor, piece)
    if (count <= 0) throw new Error('The client has ended in the middle of a record.')
    received = Buffer.concat([received, piece.subarray(0, count)])
  }
}

/** Where in the first record, of 16,384 octets at least, one seems to begin that goes up to the end; 0 for nowhere. */
function splitLikeRecord(octets: Buffer): number {
  for (let split = 5; split < 16_384; split++) {
    if (octets.readUInt16BE(split + 3) === octets.length - split - 5) return split
  }
  return 0
}

describe('MemoryTlsConnection', () => {
  test('moves octets both ways, and knows what waits', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, tls: {}, write: ['hello'] })
    const { connection, move, flush } = overMemory(accept(listener))
    expect(connection.handshake()).toBe(WANT_READ)
    expect(connection.pendingOutput).toBe(0)
    while (move() && connection.handshake() === WANT_READ) flush()
    expect(connection.handshake()).toBe(HANDSHAKE_DONE)
    expect(connection).toMatchObject({
      alpnProtocol: 'h2',
      version: 'TLSv1.3',
      cipherSuite: 'TLS_AES_256_GCM_SHA384',
      sessionReused: false,
      peerCertificate: undefined,
    })
    expect(connection.pendingOutput).toBeGreaterThan(0)
    flush()
    expect(connection.pendingOutput).toBe(0)

    const octets = Buffer.alloc(100)
    let count = connection.read(octets)
    while (count === WANT_READ && move()) count = connection.read(octets)
    expect(octets.toString('latin1', 0, count)).toBe('hello')
    expect(connection.pendingInput).toBe(0)
    expect(connection.read(octets)).toBe(WANT_READ)

    expect(connection.write(Buffer.alloc(0))).toBe(0)
    expect(connection.write(Buffer.alloc(100_000, 'x'))).toBe(100_000)
    connection.shutdown()
    expect(connection.pendingOutput).toBeGreaterThan(100_000)
    flush()
    expect(await talked).toMatchObject({ received: 'x'.repeat(100_000), ended: true })
  })

  test('feed takes as many of the first octets as it is told, and refuses more than there are', () => {
    const connection = new MemoryTlsConnection(context)
    onTestFinished(() => connection.free())
    connection.feed(Buffer.alloc(10), 3)
    expect(connection.pendingInput).toBe(3)
    connection.feed(Buffer.alloc(10), 0)
    expect(connection.pendingInput).toBe(3)
    for (const length of [11, -1, Number.NaN]) {
      expect(() => connection.feed(Buffer.alloc(10), length)).toThrow(RangeError)
    }
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'takes input octet by octet, over %s',
    async (version) => {
      const { listener, port } = listen()
      const tls = { minVersion: version, maxVersion: version }
      const talked = talk({ port, tls, write: ['slowly'], afterwards: 'end' })
      const { connection, move, flush } = overMemory(accept(listener))
      const octets = Buffer.alloc(100)
      let text = ''
      for (;;) {
        const count = connection.read(octets)
        flush()
        if (count === 0) break
        if (count > 0) text += octets.toString('latin1', 0, count)
        else move(1)
      }
      expect(text).toBe('slowly')
      connection.shutdown()
      flush()
      await talked
    },
  )

  test('a read makes the handshake too, and reads a close_notify as the end', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, tls: {}, write: ['a'], afterwards: 'end' })
    const { connection, move, flush } = overMemory(accept(listener))
    const octets = Buffer.alloc(10)
    const counts: number[] = []
    do {
      counts.push(connection.read(octets))
      flush()
    } while (counts.at(-1) !== 0 && (counts.at(-1) !== WANT_READ || move()))
    expect(counts.filter((count) => count !== WANT_READ)).toEqual([1, 0])
    connection.shutdown()
    flush()
    await talked
  })

  test('pending says whether a read may give more, wherever the records are split', async () => {
    // The first record is longer than what is fed at once, so OpenSSL hasn't room for all that is fed next.
    for (const size of [1, 7, 40, 130, 278, 300]) {
      const { listener, port } = listen()
      const records = Array.from({ length: 200 }, () => 'x'.repeat(size))
      const talked = talk({ port, tls: {}, write: ['y'.repeat(16_384), ...records] })
      const { connection, move, flush } = overMemory(accept(listener))
      const octets = Buffer.alloc(20_000)
      while (connection.handshake() === WANT_READ) {
        flush()
        move(1)
      }
      flush()
      const wanted = 16_384 + 200 * size
      let received = 0
      while (received < wanted && move(16_384)) {
        let count: number
        do {
          count = connection.read(octets)
          received += Math.max(0, count)
        } while (count !== WANT_READ && connection.pending)
        expect(connection.read(octets)).toBe(WANT_READ)
      }
      expect(received).toBe(wanted)
      connection.shutdown()
      flush()
      await talked
    }
  })

  test('pending is not deceived by a piece of a record that looks like a whole one', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, tls: {}, write: ['x'.repeat(16_384)], times: 128 })
    const descriptor = accept(listener)
    const { connection, flush } = overMemory(descriptor)
    const records = encryptedRecords(descriptor)
    while (connection.handshake() === WANT_READ) {
      flush()
      connection.feed(records.next().value)
    }
    flush()
    const octets = Buffer.alloc(20_000)
    const read = () => {
      let count: number
      let received = 0
      do {
        count = connection.read(octets)
        received += Math.max(0, count)
      } while (count !== WANT_READ && connection.pending)
      return received
    }
    let deceptive = 0
    for (let count = 0; count < 64; count++) {
      const both = Buffer.concat([records.next().value, records.next().value])
      const split = splitLikeRecord(both)
      if (split > 0) deceptive += 1
      connection.feed(both.subarray(0, split))
      expect(read()).toBe(0)
      connection.feed(both.subarray(split))
      expect(read()).toBe(2 * 16_384)
    }
    // One in four, by chance: that there is none at all happens once in 60 million runs.
    expect(deceptive).toBeGreaterThan(0)
    connection.shutdown()
    flush()
    await talked
  })

  test('keepBuffers and releaseBuffers change nothing but the memory, and wait while octets wait', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, tls: {}, write: ['first', 'second'], session: 'buffers' })
    const { connection, move, flush } = overMemory(accept(listener))
    const pointer = Reflect.get(connection, 'pointer')
    const releases = () =>
      (libssl().SSL_ctrl(pointer, SSL_CTRL_MODE, 0, null) & SSL_MODE_RELEASE_BUFFERS) !== 0
    while (connection.handshake() === WANT_READ) {
      flush()
      move()
    }
    flush()
    expect(releases()).toBe(true)
    connection.keepBuffers()
    expect(releases()).toBe(false)
    let received = ''
    const octets = Buffer.alloc(3)
    while (received.length < 'firstsecond'.length) {
      const count = connection.read(octets)
      if (count > 0) received += octets.toString('latin1', 0, count)
      // Part of a record has been read, or part of one is there.
      else if (!move(7)) throw new Error('The client has ended.')
      connection.releaseBuffers()
      expect(releases()).toBe(true)
      if (received.length < 5) connection.keepBuffers()
    }
    expect(received).toBe('firstsecond')
    connection.write(Buffer.from('kept '))
    connection.keepBuffers()
    connection.write(Buffer.from('and released'))
    connection.releaseBuffers()
    connection.shutdown()
    flush()
    expect(await talked).toMatchObject({ received: 'kept and released', ended: true })
  })

  test('keepBuffers keeps the memory that a record needs, and releaseBuffers frees it', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, tls: {}, write: ['one'], session: 'memory' })
    const { connection, move, flush } = overMemory(accept(listener))
    while (connection.handshake() === WANT_READ) {
      flush()
      move()
    }
    const octets = Buffer.alloc(10)
    let count = connection.read(octets)
    while (count === WANT_READ && move()) count = connection.read(octets)
    /** How many octets are freed after a write and a read; the median, for other threads allocate as well. */
    const freed = (prepare: () => void) => {
      const rounds = Array.from({ length: 9 }, () => {
        prepare()
        connection.write(Buffer.from('.'))
        connection.read(octets)
        const before = allocatedOctets()
        connection.releaseBuffers()
        return before - allocatedOctets()
      })
      return rounds.sort((a, b) => a - b)[4]
    }
    expect(freed(() => {})).toBeLessThan(1000)
    expect(freed(() => connection.keepBuffers())).toBeGreaterThan(32 * 1024)
    connection.shutdown()
    flush()
    await talked
  })

  test('releaseMemory changes nothing but the memory, and waits while octets wait', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, tls: {}, write: ['one'], session: 'released' })
    const { connection, move, flush } = overMemory(accept(listener))
    while (connection.handshake() === WANT_READ) {
      flush()
      connection.releaseMemory()
      move()
    }
    connection.write(Buffer.from('kept'))
    const waiting = connection.pendingOutput
    connection.releaseMemory()
    expect(connection.pendingOutput).toBe(waiting)
    flush()
    connection.releaseMemory()
    const octets = Buffer.alloc(10)
    let count = connection.read(octets)
    while (count === WANT_READ && move()) count = connection.read(octets)
    expect(octets.toString('latin1', 0, count)).toBe('one')
    connection.releaseMemory()
    connection.write(Buffer.from(', and more'))
    connection.shutdown()
    flush()
    expect(await talked).toMatchObject({ received: 'kept, and more', ended: true })
  })

  test('after an error it gives the alert, and throws the same error again', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, tls: { ALPNProtocols: ['http/1.1'] } })
    const { connection, move, flush } = overMemory(accept(listener))
    move()
    const error = faultOf(() => connection.handshake())
    expect(error).toMatchObject({ code: 'ERR_SSL_NO_APPLICATION_PROTOCOL' })
    expect(faultOf(() => connection.read(Buffer.alloc(1)))).toBe(error)
    expect(faultOf(() => connection.write(Buffer.alloc(1)))).toBe(error)
    expect(faultOf(() => connection.handshake())).toBe(error)
    connection.shutdown()
    flush()
    connection.free()
    expect(await talked).toMatchObject({ error: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' })
  })

  test('a record that was changed on its way is an error', async () => {
    const { listener, port } = listen()
    // Later, so that it doesn't come together with the end of the handshake.
    const talked = talk({ port, tls: {}, write: ['', 'hello'], pause: 100 })
    const descriptor = accept(listener)
    const { connection, move, flush } = overMemory(descriptor)
    while (connection.handshake() === WANT_READ) {
      flush()
      move()
    }
    flush()
    const record = Buffer.alloc(100)
    const length = readSocket(descriptor, record)
    record[length - 1] = ~record[length - 1]!
    connection.feed(record.subarray(0, length))
    expect(faultOf(() => connection.read(Buffer.alloc(10)))).toMatchObject({
      code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
    })
    flush()
    shutdownSocket(descriptor, 'write')
    expect(await talked).toMatchObject({ error: 'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC' })
  })
})

describe('DescriptorTlsConnection', () => {
  test('on a descriptor in non-blocking mode says what it waits for', async () => {
    const { listener, port } = listen()
    const silent = { write: ['', ''], pause: 1000, reads: false, afterwards: 'destroy' } as const
    const talked = talk({ port, tls: {}, ...silent })
    const descriptor = accept(listener, 'non-blocking')
    const connection = new DescriptorTlsConnection(context, descriptor)
    onTestFinished(() => connection.free())
    // A quick client has answered before the first call looks for its answer.
    let result = connection.handshake()
    while (result === WANT_READ) {
      waitForDescriptor(descriptor, 1, 10_000)
      result = connection.handshake()
    }
    expect(result).toBe(HANDSHAKE_DONE)
    expect(connection.read(Buffer.alloc(1))).toBe(WANT_READ)
    expect(connection.write(Buffer.alloc(32 * 1024 * 1024))).toBe(WANT_WRITE)
    await talked
  })

  test('is not misled by what another use of OpenSSL has left in the error queue', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, tls: {}, write: ['', 'late'], pause: 100, afterwards: 'end' })
    const stream = wrapToTls(accept(listener), context)
    setBlocking(stream.descriptor, false)
    leaveAnError()
    expect(stream.connection.read(Buffer.alloc(10))).toBe(WANT_READ)
    leaveAnError()
    setBlocking(stream.descriptor, true)
    expect(stream.read(Buffer.alloc(10))).toBe(4)
    leaveAnError()
    expect(stream.read(Buffer.alloc(10))).toBe(0)
    stream.close()
    await talked
  })

  testWithProgram('openssl', 'an alert of the client is an error with its name', async () => {
    const { listener, port } = listen()
    const printed = opensslClient(port, {
      args: ['-verify_return_error', '-alpn', 'h2'],
      type: '',
      typeAfter: /never/,
      until: /never/,
    })
    expect(faultOf(() => wrapToTls(accept(listener), context))).toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    })
    expect(await printed).toContain('verify error')
  })
})

describe('a connection that was freed', () => {
  const uses: [string, (connection: MemoryTlsConnection) => unknown][] = [
    ['handshake', (connection) => connection.handshake()],
    ['read', (connection) => connection.read(Buffer.alloc(1))],
    ['write', (connection) => connection.write(Buffer.alloc(1))],
    ['feed', (connection) => connection.feed(Buffer.alloc(1))],
    ['take', (connection) => connection.take(Buffer.alloc(1))],
    ['pending', (connection) => connection.pending],
    ['pendingInput', (connection) => connection.pendingInput],
    ['pendingOutput', (connection) => connection.pendingOutput],
    ['releaseMemory', (connection) => connection.releaseMemory()],
    ['keepBuffers', (connection) => connection.keepBuffers()],
    ['releaseBuffers', (connection) => connection.releaseBuffers()],
    ['version', (connection) => connection.version],
    ['peerCertificate', (connection) => connection.peerCertificate],
  ]

  test.each(uses)('refuses %s instead of reading memory that is not its own', (_, use) => {
    const connection = new MemoryTlsConnection(context)
    connection.free()
    expect(faultOf(() => use(connection))).toMatchObject({
      name: 'FreedError',
      code: 'NATIVE_FREED',
    })
  })

  test('may be freed and shut down again', () => {
    const connection: TlsConnection = new MemoryTlsConnection(context)
    connection.free()
    connection.free()
    connection.shutdown()
  })
})

/** An error that isn't about TLS, as node:crypto may leave one. */
function leaveAnError(): void {
  const text = Buffer.from('no certificate')
  const bio = libssl().BIO_new_mem_buf(text, text.length)
  expect(libssl().PEM_read_bio_X509(bio, null, null, null)).toBeNull()
  libssl().BIO_free(bio)
}
