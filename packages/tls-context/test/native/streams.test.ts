import { describe, expect, test } from 'vitest'
import {
  closeDescriptor,
  maybeAddTls,
  NativeTlsContext,
  type OctetStream,
  POLL_OUT,
  setReceiveTimeout,
  setSendTimeout,
  waitForDescriptor,
} from '../../src/native'
import { makeCredentials } from '../support/credentials'
import { clients } from './support/clients'
import { accept, closeLater, expectNoDescriptorLeft, listen } from './support/descriptors'
import { faultOf } from './support/fault-of'

const LARGE = 'octets'.repeat(200_000)
/** The beginning of a ClientHello, RFC 8446 section 5.1 and 4.1.2. */
const SLOW_HELLO = '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'.padEnd(100, '\0')
const context = new NativeTlsContext(await makeCredentials())
const talk = clients()

expectNoDescriptorLeft()

describe.each([
  ['plain', undefined, {}],
  ['TLS 1.2', context, { tls: { maxVersion: 'TLSv1.2' } }],
  ['TLS 1.3', context, { tls: { minVersion: 'TLSv1.3' } }],
] as const)('maybeAddTls, %s', (_, maybeContext, client) => {
  /** Accepts the client that is about to connect. */
  function streamOf(listener: number): OctetStream {
    return maybeAddTls(accept(listener), maybeContext)
  }

  test('reads what the client writes, and 0 at its end', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, ...client, write: ['hello'], afterwards: 'end' })
    const stream = streamOf(listener)
    expect(readAll(stream)).toBe('hello')
    expect(stream.read(Buffer.alloc(8))).toBe(0)
    stream.close()
    expect(await talked).toMatchObject({ received: '', ended: true })
  })

  test('writes everything, in however many records', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, ...client })
    const stream = streamOf(listener)
    stream.write(Buffer.alloc(0))
    stream.write(Buffer.from(LARGE))
    stream.shutdown()
    expect(stream.read(Buffer.alloc(8))).toBe(0)
    stream.close()
    const { received, ended, error } = await talked
    expect({ ended, error }).toEqual({ ended: true, error: undefined })
    expect(received === LARGE).toBe(true)
  })

  test('after shutdown the client can go on to send', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, ...client, write: ['a', 'b', 'c'], pause: 20, afterwards: 'wait' })
    const stream = streamOf(listener)
    stream.shutdown()
    expect(readAll(stream)).toMatch(/^abc?$|^a$/)
    stream.close()
    await talked
  })

  test('tells whether octets wait inside, which poll cannot see', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, ...client, write: ['abcdef'], afterwards: 'end' })
    const stream = streamOf(listener)
    expect(stream.read(Buffer.alloc(2))).toBe(2)
    expect(stream.pending).toBe(maybeContext !== undefined)
    expect(readAll(stream)).toBe('cdef')
    expect(stream.pending).toBe(false)
    stream.close()
    await talked
  })

  test('a receive timeout is ETIMEDOUT, and the stream goes on afterwards', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, ...client, write: ['', 'late'], pause: 200, afterwards: 'end' })
    const stream = streamOf(listener)
    setReceiveTimeout(stream.descriptor, 10)
    const octets = Buffer.alloc(8)
    expect(faultOf(() => stream.read(octets))).toMatchObject({
      name: 'SocketTimeoutError',
      code: 'ETIMEDOUT',
    })
    setReceiveTimeout(stream.descriptor, 10_000)
    expect(stream.read(octets)).toBe(4)
    stream.close()
    await talked
  })

  test('a send timeout is ETIMEDOUT', async () => {
    const { listener, port } = listen()
    const silent = { write: ['', ''], pause: 1000, reads: false, afterwards: 'destroy' } as const
    const talked = talk({ port, ...client, ...silent })
    const stream = streamOf(listener)
    setSendTimeout(stream.descriptor, 10)
    // More than the buffers of both sides take.
    const octets = Buffer.alloc(32 * 1024 * 1024)
    expect(faultOf(() => stream.write(octets))).toMatchObject({ code: 'ETIMEDOUT' })
    stream.close()
    await talked
  })

  test('writes what needs no waiting, and the rest when there is room', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, ...client, write: ['', ''], pause: 300, afterwards: 'wait' })
    const stream = streamOf(listener)
    const octets = Buffer.alloc(32 * 1024 * 1024, LARGE)
    let written = stream.writeAtOnce(octets, 0)
    expect(written).toBeGreaterThan(0)
    expect(written).toBeLessThan(octets.length)
    while (written < octets.length) {
      waitForDescriptor(stream.descriptor, POLL_OUT, 10_000)
      written += stream.writeAtOnce(octets, written)
    }
    expect(stream.writeAtOnce(octets, octets.length)).toBe(0)
    stream.shutdown()
    expect(stream.read(Buffer.alloc(8))).toBe(0)
    stream.close()
    expect((await talked).received === octets.toString()).toBe(true)
  })

  test('a client that resets is ECONNRESET or the end, and writing to it an error', async () => {
    const { listener, port } = listen()
    const talked = talk({ port, ...client, write: ['.'], afterwards: 'reset' })
    const stream = streamOf(listener)
    await talked
    const outcome = (() => {
      try {
        return readAll(stream)
      } catch (error) {
        return (error as { code?: string }).code
      }
    })()
    expect(outcome).toMatch(/^\.?$|^ECONNRESET$/)
    const writing = faultOf(() => {
      for (let times = 0; times < 10; times += 1) stream.write(Buffer.from(LARGE))
    })
    expect(writing.code).toMatch(/^(ECONNRESET|EPIPE)$/)
    stream.shutdown()
    stream.close()
    stream.close()
  })
})

describe('wrapToTls, when the handshake fails,', () => {
  test.each([
    ['a client that says nothing', {}],
    ['a client that sends an octet now and then', { write: [...SLOW_HELLO], pause: 20 }],
  ])('%s is refused after the handshake timeout', async (_, client) => {
    const { listener, port } = listen()
    const talked = talk({ port, ...client })
    const descriptor = accept(listener)
    const wrap = () => maybeAddTls(descriptor, context, { handshakeTimeout: 150 })
    expect(faultOf(wrap)).toMatchObject({
      name: 'TlsConnectionError',
      code: 'ERR_TLS_HANDSHAKE_TIMEOUT',
    })
    closeDescriptor(descriptor)
    await talked
  })

  test.each([
    ['leaves', { afterwards: 'destroy' }, 'ECONNRESET'],
    [
      'leaves amid its ClientHello',
      { write: ['\x16\x03\x01\x02'], afterwards: 'end' },
      'ECONNRESET',
    ],
    ['speaks HTTP/1.1', { write: ['GET / HTTP/1.1\r\n\r\n'] }, 'ERR_SSL_HTTP_REQUEST'],
    [
      'speaks HTTP/2',
      { write: ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'] },
      'ERR_SSL_WRONG_VERSION_NUMBER',
    ],
    ['sends rubbish', { write: ['\0'.repeat(200)] }, 'ERR_SSL_WRONG_VERSION_NUMBER'],
    [
      'has no suite in common',
      { tls: { ciphers: 'AES128-SHA', maxVersion: 'TLSv1.2' } },
      'ERR_SSL_NO_SHARED_CIPHER',
    ],
    [
      'offers only http/1.1',
      { tls: { ALPNProtocols: ['http/1.1'] } },
      'ERR_SSL_NO_APPLICATION_PROTOCOL',
    ],
    [
      'is too old',
      { tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } },
      'ERR_SSL_UNSUPPORTED_PROTOCOL',
    ],
  ] as const)('a client that %s', async (_, client, code) => {
    const { listener, port } = listen()
    const talked = talk({ port, ...client })
    const descriptor = accept(listener)
    const error = faultOf(() => maybeAddTls(descriptor, context))
    expect(error).toMatchObject({ name: 'TlsConnectionError', code })
    expect(error.message).toContain('TLS handshake failed')
    // It is still the caller's, and in blocking mode.
    setReceiveTimeout(descriptor, 1)
    closeDescriptor(closeLater(descriptor))
    await talked
  })
})

/** Reads until the client's end. */
function readAll(stream: OctetStream): string {
  const octets = Buffer.alloc(1000)
  let text = ''
  for (let count = stream.read(octets); count > 0; count = stream.read(octets)) {
    text += octets.toString('latin1', 0, count)
  }
  return text
}
