import { expect, test } from 'vitest'
import { leastGrowth } from '../../../../test-support/allocated-memory'
import {
  acceptClient,
  closeDescriptor,
  MemoryTlsConnection,
  maybeAddTls,
  NativeTlsContext,
  readSocket,
  writeSocket,
} from '../../src/native'
import { makeCredentials } from '../support/credentials'
import { type Conversation, clients } from './support/clients'
import { expectNoDescriptorLeft, listen, openDescriptors } from './support/descriptors'

const CONNECTIONS = 800
/** An SSL object takes more than 4,000 octets: if one of ten connections left one, it would be twice this. */
const TOLERANCE = 160_000

const context = new NativeTlsContext(await makeCredentials())
const talk = clients()

expectNoDescriptorLeft()

/** Every other client is cut off in one way or another. */
const ENDINGS: readonly Omit<Conversation, 'port'>[] = [
  { tls: {}, write: ['request'], afterwards: 'end' },
  { afterwards: 'destroy' },
  { tls: {}, write: ['request'] },
  { write: ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'], afterwards: 'reset' },
  { tls: {}, write: ['request'], afterwards: 'end' },
  { tls: {}, write: ['request'], afterwards: 'reset' },
  { tls: {}, write: ['request'] },
  { tls: { ALPNProtocols: ['http/1.1'] } },
]

test.each([
  ['streams over a descriptor', serveByStream],
  ['connections over memory', serveByMemory],
])(
  'after thousands of connections, half of them cut off, %s leave neither memory nor descriptors',
  async (_, serve) => {
    const { listener, port } = listen()
    const serveClients = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        const talked = talk({ port, ...ENDINGS[index % ENDINGS.length]! })
        serve(acceptClient(listener))
        await talked
      }
    }
    await serveClients(200)
    const descriptors = openDescriptors()
    expect(await leastGrowth(() => serveClients(CONNECTIONS))).toBeLessThan(TOLERANCE)
    expect(openDescriptors()).toBe(descriptors)
  },
  120_000,
)

const encrypted = Buffer.alloc(16_384)
const octets = Buffer.alloc(100)

function serveByStream(descriptor: number): void {
  let stream: ReturnType<typeof maybeAddTls>
  try {
    stream = maybeAddTls(descriptor, context)
  } catch {
    closeDescriptor(descriptor)
    return
  }
  try {
    stream.read(octets)
    stream.write(Buffer.from('response'))
    stream.shutdown()
  } catch {
    // Cut off.
  } finally {
    stream.close()
  }
}

function serveByMemory(descriptor: number): void {
  const connection = new MemoryTlsConnection(context)
  const flush = () => {
    const count = connection.take(encrypted)
    if (count > 0) writeSocket(descriptor, encrypted.subarray(0, count))
  }
  try {
    for (let done = false; !done; ) {
      const count = readSocket(descriptor, encrypted)
      if (count === 0) break
      connection.feed(encrypted.subarray(0, count))
      try {
        done = connection.read(octets) >= 0
      } finally {
        flush()
      }
    }
    connection.write(Buffer.from('response'))
    connection.shutdown()
    flush()
  } catch {
    // Cut off.
  } finally {
    connection.free()
    closeDescriptor(descriptor)
  }
}
