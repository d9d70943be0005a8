import { devTls } from '@h2lab/tls-context'
import { MemoryTlsConnection, NativeTlsContext } from '@h2lab/tls-context/native'
import { describe, expect, onTestFinished, test } from 'vitest'
import { BUFFER_TIME, Client } from '../../src/async-custom/client/client'
import { BusyClients } from '../../src/async-custom/loop/busy-clients'

const context = new NativeTlsContext(await devTls())

/** A TLS connection that writes down what it is told. */
class RecordedTlsConnection extends MemoryTlsConnection {
  readonly told: string[] = []

  override keepBuffers(): void {
    super.keepBuffers()
    this.told.push('keep')
  }

  override releaseBuffers(): void {
    super.releaseBuffers()
    this.told.push('release')
  }
}

function newClient(): { client: Client; told: readonly string[] } {
  const tls = new RecordedTlsConnection(context)
  onTestFinished(() => tls.free())
  return { client: new Client(3, 'peer', tls, 0), told: tls.told }
}

describe('BusyClients', () => {
  test('keeps the buffers of a client that is served again within a tenth of a second, once', () => {
    const busy = new BusyClients()
    const { client, told } = newClient()
    busy.served(client, 0)
    expect(told).toEqual([])
    busy.served(client, 99)
    busy.served(client, 100)
    expect(told).toEqual(['keep'])
  })

  test('leaves those of a client that asks more seldom', () => {
    const busy = new BusyClients()
    const { client, told } = newClient()
    for (let now = 0; now < 1000; now += 100) busy.served(client, now)
    expect(told).toEqual([])
  })

  test('gives them back half a second after the last turn, and keeps them again', () => {
    const busy = new BusyClients()
    const { client, told } = newClient()
    busy.served(client, 10)
    busy.served(client, 20)
    busy.served(client, 30)
    expect(client.deadline).toBe(30 + BUFFER_TIME)
    busy.release(client, 29 + BUFFER_TIME)
    expect(told).toEqual(['keep'])
    busy.release(client, 30 + BUFFER_TIME)
    busy.release(client, 31 + BUFFER_TIME)
    expect(told).toEqual(['keep', 'release'])
    expect(client.deadline).toBe(Number.POSITIVE_INFINITY)
    busy.served(client, 1000)
    busy.served(client, 1001)
    expect(told).toEqual(['keep', 'release', 'keep'])
  })

  test('keeps those of 256 clients at most, and of another when one has ended', () => {
    const busy = new BusyClients()
    const clients = Array.from({ length: 257 }, newClient)
    const serveAll = () => {
      for (const { client } of clients) busy.served(client, 1)
    }
    serveAll()
    serveAll()
    expect(clients.map(({ told }) => told.length)).toEqual([...Array(256).fill(1), 0])
    const [first] = clients
    if (first === undefined) throw new Error('There is one.')
    busy.forget(first.client)
    busy.forget(first.client)
    const more = newClient()
    for (const { client } of [...clients.slice(256), more]) busy.served(client, 2)
    for (const { client } of [...clients.slice(256), more]) busy.served(client, 3)
    expect(clients[256]?.told).toEqual(['keep'])
    expect(more.told).toEqual([])
    expect(first.told).toEqual(['keep'])
  })

  test('has nothing to keep of a client without TLS', () => {
    const busy = new BusyClients()
    const client = new Client(3, 'peer', undefined, 0)
    busy.served(client, 1)
    busy.served(client, 2)
    expect(client.buffers).toBe('released')
  })
})
