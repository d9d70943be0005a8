import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { setTimeout as sleep } from 'node:timers/promises'
import tls from 'node:tls'
import { prebuildResponse } from '@h2lab/mini-http2'
import { requestsVector } from '@h2lab/mini-http2/client'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { curl } from '../../../../test-support/clients/curl'
import { h2load } from '../../../../test-support/clients/h2load'
import { requestWithNode } from '../../../../test-support/clients/node-client'
import { rawClient } from '../../../../test-support/clients/raw-client'
import { eventually } from '../../../../test-support/eventually'
import { testWithProgram } from '../../../../test-support/programs'
import { serverStarter } from '../../../../test-support/server-starter'
import { asyncCustom, makeAsyncCustom } from '../../src'

const app = { module: new URL('./apps/loop-app.mjs', import.meta.url) }
const plain = serverStarter(asyncCustom, { protocol: 'http2', tls: false })
const secure = serverStarter(asyncCustom, { protocol: 'http2', tls: true })

async function get(url: string, path: string): Promise<string> {
  const [response] = await requestWithNode(url, [{ ':path': path }])
  return response!.body.toString()
}

describe('options', () => {
  test('a number of threads or a poller that cannot be is an error that names it', () => {
    expect(() => makeAsyncCustom({ gather: 1 as never })).toThrow('gather')
    expect(() => makeAsyncCustom({ threads: 0 })).toThrow('threads')
    expect(() => makeAsyncCustom({ poller: 'select' as 'poll' })).toThrow('poller')
  })

  test('one that does not exist is an error that names the nearest', () => {
    expect(() => makeAsyncCustom({ thread: 2 } as never)).toThrow(
      'There is no option thread. Did you mean threads?',
    )
  })

  test('a function as handler is refused, and an app module is named as what works', async () => {
    await expect(plain.start({ app: () => {} })).rejects.toMatchObject({
      code: 'UNSUPPORTED_SERVER_SETUP',
      message: expect.stringContaining('module') as string,
    })
  })

  test('several threads serve one port', async () => {
    const many = serverStarter(makeAsyncCustom({ threads: 3 }), { protocol: 'http2', tls: true })
    const { url } = await many.start({ app })
    const threads = new Set<string>()
    // The system spreads clients by their ports.
    for (let count = 0; count < 100 && threads.size < 3; count++) {
      threads.add(await get(url, '/thread'))
    }
    expect(threads.size).toBe(3)
  })

  test('maxClients holds for all threads together', async () => {
    const many = serverStarter(makeAsyncCustom({ threads: 2 }), { protocol: 'mini', tls: false })
    const server = await many.start({ maxClients: 5 })
    const clients = await Promise.all(Array.from({ length: 12 }, () => rawClient(server.url)))
    await eventually(() => expect(server.faults).toHaveLength(7))
    for (const client of clients) client.socket.destroy()
  })
})

describe('the loop', () => {
  test.each(['epoll', 'poll'] as const)(
    'with %s waits when there is nothing to do',
    async (poller) => {
      const quiet = serverStarter(makeAsyncCustom({ poller }), { protocol: 'http2', tls: true })
      const server = await quiet.start({ app })
      const idle = await rawClient(server.url)
      await get(server.url, '/thread')
      const before = process.cpuUsage()
      await sleep(500)
      const { user, system } = process.cpuUsage(before)
      // A loop that turns without waiting takes all of this time, whatever else the machine does.
      expect(user + system).toBeLessThan(250_000)
      idle.socket.destroy()
    },
  )
})

describe('the buffers of OpenSSL', () => {
  test('are kept for a client that asks again and again, and given back when it is idle', async () => {
    const module = new URL('./apps/buffers-app.mjs', import.meta.url)
    const { url } = await secure.start({ app: { module } })
    const session = connectHttp2(url, { rejectUnauthorized: false })
    const ask = async () => {
      const stream = session.request({ ':path': '/' })
      stream.setEncoding('utf8')
      let text = ''
      for await (const part of stream) text += part
      return text
    }
    await eventually(async () => expect(await ask()).toBe('keepBuffers'))
    // Others ask now, each once.
    await eventually(async () => expect(await get(url, '/')).toBe('keepBuffers, releaseBuffers'))
    session.destroy()
  })
})

describe('many clients', () => {
  for (const tls of [false, true]) {
    testWithProgram(
      'h2load',
      `2,000 at once are all answered, ${tls ? 'TLS' : 'plain'}`,
      async () => {
        const starter = serverStarter(asyncCustom, { protocol: 'mini', tls })
        // On a busy machine 2,000 handshakes take some seconds, in which each client is silent.
        const { url } = await starter.start({ limits: { prefaceTimeout: 60_000 } })
        const result = await h2load(url, { requests: 4000, clients: 2000, streams: 1 })
        expect(result).toMatchObject({ succeeded: 4000, ok: 4000 })
      },
    )
  }

  test('a client resumes its TLS session with any of the threads', async () => {
    const many = serverStarter(makeAsyncCustom({ threads: 2 }), { protocol: 'mini', tls: true })
    const server = await many.start()
    const first = await tlsSocket(server.port)
    const [session] = (await once(first, 'session')) as [Buffer]
    const resumed: boolean[] = []
    for (let count = 0; count < 20; count++) {
      const socket = await tlsSocket(server.port, session)
      resumed.push(socket.isSessionReused())
      socket.destroy()
    }
    expect(resumed).toEqual(Array(20).fill(true))
  })
})

describe('handlers in the thread of the loop', () => {
  test.each([
    ['/timer', 'timer'],
    ['/immediates', 'immediates'],
    ['/promise', 'promise'],
    ['/tick', 'tick'],
    ['/file', '// What'],
    ['/fetch', 'fetched'],
  ])('%s answers though no client wakes the loop', async (path, body) => {
    const { url } = await secure.start({ app })
    expect(await get(url, path)).toBe(body)
  })

  testWithProgram('h2load', 'have their turn while other clients are busy', async () => {
    const { url } = await secure.start({ app })
    let isBusy = true
    const busy = h2load(url, { requests: 40_000, clients: 50, streams: 1 }).finally(() => {
      isBusy = false
    })
    let rounds = 0
    do {
      for (const path of ['/timer', '/immediates', '/promise', '/tick', '/fetch']) {
        expect(await get(url, path)).not.toBe('')
      }
      rounds += 1
    } while (isBusy)
    await busy
    expect(rounds).toBeGreaterThan(1)
  })

  test('one that never answers does not hold up others', async () => {
    const { url } = await secure.start({ app })
    const session = connectHttp2(url, { rejectUnauthorized: false })
    onTestFinished(() => session.destroy())
    session.request({ ':path': '/never' }).on('error', () => {})
    expect(await get(url, '/timer')).toBe('timer')
  })

  test('what one throws is told with its request', async () => {
    const onHandlerError = vi.fn()
    const { url } = await plain.start({ app, onHandlerError })
    await get(url, '/throws')
    await eventually(() => expect(onHandlerError).toHaveBeenCalledTimes(1))
    const [error, request] = onHandlerError.mock.calls[0]!
    expect(error).toMatchObject({ message: 'deliberate' })
    expect(request).toMatchObject({ method: 'GET', path: '/throws' })
  })

  test.each(['/dies', '/dies-in-a-tick', '/rejects'])(
    '%s: an error that nobody catches is told, and nothing of its thread is left open',
    async (path) => {
      const before = descriptors()
      const server = await plain.start({ app })
      await get(server.url, path).catch(() => {})
      await eventually(() => {
        expect(server.faults).toMatchObject([
          { error: { code: 'THREAD_DIED', cause: { message: 'nobody catches this' } } },
        ])
      })
      await server.close({ graceMs: 0 })
      await eventually(() => expect(descriptors()).toBeLessThanOrEqual(before))
    },
  )

  test('an error that the application catches for the whole thread does no harm', async () => {
    const survivor = new URL('./apps/survivor-app.mjs', import.meta.url)
    const server = await plain.start({ app: { module: survivor } })
    for (const path of ['/timer', '/tick', '/rejection', '/timer']) {
      expect(await get(server.url, path)).toBe('answered')
    }
    expect(await get(server.url, '/caught')).toBe('timer, tick, rejection, timer')
    expect(server.faults).toEqual([])
  })

  test('one that does not return does not keep the server from ending', async () => {
    const server = await plain.start({ app })
    void get(server.url, '/hangs').catch(() => {})
    await sleep(200)
    await server.close({ graceMs: 0 })
    // Its socket is closed as well.
    await plain.start({ app, port: server.port })
  })
})

describe('diagnostics', () => {
  testWithProgram('curl', 'a request of curl shows the actions in their order', async () => {
    const { url } = await secure.start({ app })
    await curl(`${url}promise`)
    const log = JSON.parse(await get(url, '/log')) as string[]
    const order = [
      'processDataOnSocket',
      'read 1',
      'sslHandshake',
      'moveEncryptedBytes',
      'writeDataToSocket',
      'write 1',
      'processDataOnSocket',
      'read 1',
      'sslHandshake',
      'sslRead',
      'sendUnencryptedBytes',
      'encryptData',
      'sendUnencryptedBytes',
      'moveEncryptedBytes',
      'writeDataToSocket',
      'write 1',
    ]
    let at = -1
    for (const action of order) {
      at = log.indexOf(action, at + 1)
      expect(at, `${action} in ${log.join(', ')}`).toBeGreaterThanOrEqual(0)
    }
  })
})

describe('the end of a client that comes together with its last octets', () => {
  const pollers = ['epoll', 'poll'] as const
  test.each(
    pollers.flatMap((poller) => [
      [poller, 'plain', false] as const,
      [poller, 'TLS', true] as const,
    ]),
  )('is noticed with %s, %s', async (poller, _, tls) => {
    const { start } = serverStarter(makeAsyncCustom({ poller }), { protocol: 'http2', tls })
    const { url } = await start({ app })
    const client = await rawClient(url)
    client.request()
    await eventually(() => expect(client.responses).toHaveLength(1))
    const computed = get(url, '/computes')
    await sleep(50)
    // The loop is busy, so both are there when it looks next.
    client.request()
    client.socket.end()
    expect(await computed).toBe('computed')
    expect(await client.closed).toBe('ended')
    expect(client.responses).toHaveLength(2)
  })
})

describe('clients beside each other', () => {
  test('a slow reader and a slow writer are served, and a fast client is not held up by them', async () => {
    const length = 1_000_000
    const server = await secure.start({ app: prebuildResponse({ body: 'x'.repeat(length) }) })
    const reader = await rawClient(server.url)
    reader.socket.pause()
    reader.request(20)
    // 1 KiB a second.
    const timer = setInterval(() => reader.socket.read(128), 125)
    onTestFinished(() => clearInterval(timer))
    const writer = await rawClient(server.url)
    for (const octet of requestsVector(1).subarray(0, -17)) {
      writer.send(Uint8Array.of(octet))
      const [response] = await requestWithNode(server.url)
      expect(response!.body).toHaveLength(length)
    }
    await eventually(() => expect(writer.received).toBeGreaterThan(length / 20))
    expect(reader.responses).toHaveLength(0)
    reader.socket.resume()
    await eventually(() => expect(reader.responses).toHaveLength(20))
  })

  test('a client that sends without end does not starve another', async () => {
    const { start } = serverStarter(asyncCustom, { protocol: 'mini', tls: false })
    const server = await start()
    const greedy = await rawClient(server.url)
    greedy.request()
    const batch = requestsVector(10_000).subarray(requestsVector(0).length, -17)
    const timer = setInterval(() => greedy.socket.writableLength < 1e7 && greedy.send(batch), 1)
    onTestFinished(() => clearInterval(timer))
    for (let count = 0; count < 20; count++) {
      expect(await requestWithNode(server.url)).toMatchObject([{ status: 200 }])
    }
  })
})

test('servers and clients that come and go leave no descriptor and no memory behind', async () => {
  const round = async () => {
    const server = await secure.start()
    const clients = await Promise.all(Array.from({ length: 20 }, () => rawClient(server.url)))
    for (const client of clients) client.request()
    await eventually(() => {
      for (const client of clients) expect(client.responses).toHaveLength(1)
    })
    await server.close({ graceMs: 0 })
    for (const client of clients) client.socket.destroy()
  }
  for (let count = 0; count < 3; count++) await round()
  const before = { descriptors: descriptors(), memory: process.memoryUsage.rss() }
  for (let count = 0; count < 10; count++) await round()
  await eventually(() => expect(descriptors()).toBeLessThanOrEqual(before.descriptors))
  // Each thread has 8 MiB, its 20 clients one more.
  expect(process.memoryUsage.rss() - before.memory).toBeLessThan(60 * 2 ** 20)
}, 60_000)

async function tlsSocket(port: number, session?: Buffer): Promise<tls.TLSSocket> {
  const options = { port, host: '127.0.0.1', ALPNProtocols: ['h2'], rejectUnauthorized: false }
  const socket = tls.connect(session === undefined ? options : { ...options, session })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'secureConnect')
  return socket
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length
}
