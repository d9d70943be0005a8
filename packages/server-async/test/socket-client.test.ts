import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Handler, prebuildResponse } from '@h2lab/mini-http2'
import { requestsVector } from '@h2lab/mini-http2/client'
import { connectionFactory } from '@h2lab/mini-http2/protocol'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { rawClient } from '../../../test-support/clients/raw-client'
import { eventually } from '../../../test-support/eventually'
import { serverStarter } from '../../../test-support/server-starter'
import { asyncSockets } from '../src'
import { Clients } from '../src/async/clients'

const hello = prebuildResponse({ body: 'Hello World\n' })

/** The octets of some requests of a client that doesn't go. */
const requests = (count: number) => requestsVector(count).subarray(0, -17)

/** Both ends of a connection whose server's end is served. */
async function servedSocket(handler: Handler): Promise<{ served: Socket; client: Socket }> {
  const clients = new Clients(connectionFactory('http2', handler), () => {})
  const server = createServer((socket) => clients.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const client = connect((server.address() as { port: number }).port, '127.0.0.1')
  const [served] = await accepted
  onTestFinished(() => {
    client.destroy()
    served.destroy()
    server.close()
  })
  return { served, client }
}

describe('writing', () => {
  test('all answers to one read batch go out by one write', async () => {
    const { served, client } = await servedSocket((_, response) => response.sendPrebuilt(hello))
    const write = vi.spyOn(served, 'write')
    client.write(requests(100))
    await once(client, 'data')
    await sleep(50)
    expect(write).toHaveBeenCalledTimes(1)
  })

  test('handlers that go on in one turn of the loop share one write', async () => {
    let goOn = () => {}
    const signal = new Promise<void>((resolve) => {
      goOn = resolve
    })
    let waiting = 0
    const { served, client } = await servedSocket(async (_, response) => {
      waiting += 1
      await signal
      response.sendPrebuilt(hello)
    })
    client.write(requests(100))
    await eventually(() => expect(waiting).toBe(100))
    const write = vi.spyOn(served, 'write')
    goOn()
    await once(client, 'data')
    await sleep(50)
    expect(write).toHaveBeenCalledTimes(1)
  })
})

describe('reading', () => {
  test('stops while a client does not read its answers', async () => {
    const { start } = serverStarter(asyncSockets, { protocol: 'mini', tls: false })
    const server = await start()
    const client = connect(server.port, '127.0.0.1')
    client.on('error', () => {})
    onTestFinished(() => void client.destroy())
    client.pause()
    client.write(requests(0))
    // Requests without end: what the kernel's buffers and the server hold is a few MiB.
    const batch = requests(10_000).subarray(requests(0).length)
    let stuck = false
    for (let sent = 0; sent < 200 && !stuck; sent++) {
      stuck = await Promise.race([
        new Promise<boolean>((resolve) => client.write(batch, () => resolve(false))),
        sleep(2000, true),
      ])
    }
    expect(stuck).toBe(true)
  })
})

describe('time', () => {
  test('one timer serves the deadlines of all clients, and is gone with the last', async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const { start } = serverStarter(asyncSockets, { protocol: 'http2', tls: false })
    const server = await start({ limits: { idleTimeout: 300 } })
    const before = timers()
    const clients = await Promise.all(Array.from({ length: 20 }, () => rawClient(server.url)))
    for (const client of clients) client.request()
    await eventually(() => {
      for (const client of clients) expect(client.responses).toHaveLength(1)
    })
    expect(timers() - before).toBeLessThan(10)
    for (const client of clients) expect(await client.closed).toBe('ended')
    for (const client of clients) expect(client.goaway).toBe('NO_ERROR')
    expect(server.faults).toEqual([])
  })
})

describe('a graceful end', () => {
  test('lets requests that are in work finish', async () => {
    let answer = () => {}
    const app: Handler = async (_, response) => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      response.sendPrebuilt(hello)
    }
    const { start } = serverStarter(asyncSockets, { protocol: 'http2', tls: true })
    const server = await start({ app })
    const client = await rawClient(server.url)
    client.request()
    await sleep(100)
    const closed = server.close({ graceMs: 20_000 })
    await eventually(() => expect(client.goaway).toBe('NO_ERROR'))
    expect(client.responses).toEqual([])
    answer()
    await closed
    expect(client.responses).toEqual([{ status: 200, length: 12 }])
    expect(await client.closed).toBe('ended')
  })

  test('aborts the handler of a client that is cut off', async () => {
    const aborted = vi.fn()
    const app: Handler = (request) => request.signal.addEventListener('abort', aborted)
    const { start } = serverStarter(asyncSockets, { protocol: 'http2', tls: true })
    const server = await start({ app })
    const client = await rawClient(server.url)
    client.request()
    await sleep(100)
    await server.close({ graceMs: 50 })
    expect(aborted).toHaveBeenCalledTimes(1)
  })
})
