import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectionLimits } from '@h2lab/mini-http2'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { CLIENTS } from '../clients/by-http-version'
import { frameClient } from '../clients/frame-client'
import { headersFrames, requestFields } from '../clients/frames'
import { loseNetwork } from '../clients/lose-network'
import {
  connectTcp,
  sendRequest,
  type VanishingClient,
  vanishingClient,
} from '../clients/vanishing-client'
import { ANY_WAYS, halfClose, TLS_WAYS } from '../clients/ways-to-vanish'
import { eventually } from '../eventually'
import { testWithProgram } from '../programs'
import type { ServerStarter, TestedServer } from '../server-starter'
import { tcpDescriptors } from '../tcp-descriptors'
import { temporaryFolder } from '../temporary-folder'
import { DOWNLOAD, TICKS, type Work, works } from './vanishing-work'

const APP = new URL('../apps/vanishing.mjs', import.meta.url)
const MIB = 1_048_576

/** In milliseconds: much longer than a test waits, so that none of these limits ends a client. */
const LONG = 600_000
const LONG_LIMITS: ConnectionLimits = {
  prefaceTimeout: LONG,
  idleTimeout: LONG,
  stalledResponseTimeout: LONG,
  halfClosedTimeout: LONG,
  settingsTimeout: LONG,
  keepAlive: LONG,
}

/** A server, and the number of TCP sockets of this process before the first client. */
interface Watched extends TestedServer {
  readonly descriptors: number
}

/** A dispatch method with limits of its own refuses all others. */
function honouredLimits({ method }: ServerStarter, limits: ConnectionLimits): ConnectionLimits {
  const known: readonly string[] = method.limits ?? Object.keys(limits)
  return Object.fromEntries(Object.entries(limits).filter(([name]) => known.includes(name)))
}

/**
 * Clients that vanish, in different ways and at different times. The application is notified at once, the descriptor
 * is closed, and the client's place is free. For dispatch methods that call handlers.
 *
 * @param awaits whether handlers can return promises
 */
export function describeVanishingClients(starter: ServerStarter, awaits = true): void {
  const { name, tls, clients, httpVersion } = starter
  const { curlFlag, requestWithNode } = CLIENTS[httpVersion]
  const app = { module: APP, export: awaits ? 'waiting' : 'blocking' }
  // A method that serves one client at a time has no second place. uws has no limit.
  const places = clients === 'one' || httpVersion === '1.1' ? {} : { maxClients: 1 }
  const start = async (limits: ConnectionLimits = {}): Promise<Watched> => {
    const honoured = honouredLimits(starter, { ...LONG_LIMITS, ...limits })
    const server = await starter.start({ app, limits: honoured, ...places })
    return { ...server, descriptors: tcpDescriptors() }
  }
  const ways = tls ? [...ANY_WAYS, ...TLS_WAYS] : ANY_WAYS

  describe(`a client of ${name} that vanishes`, () => {
    for (const work of works(awaits)) {
      if (httpVersion === '1.1' && work.windows === 'initial') continue

      describe(`while ${work.name}`, () => {
        test.each(ways)('is noticed when it %s', async (_, go) => {
          // A client that doesn't read may be slow, so it gets more time than one that nothing waits for.
          const server = await start(work.reads ? {} : { halfClosedTimeout: 500 })
          const { client, events } = await begin(server, work)
          await go(client)
          await isGone(server, work, events, client)
        })

        // HTTP/1.1 has no PING.
        if (httpVersion === '2') {
          test.each([
            ['stops reading and answering', ({ tcp }: VanishingClient) => void tcp.pause()],
            ['loses its network', ({ tcp }: VanishingClient) => loseNetwork(tcp)],
          ])('is noticed within keepAlive and keepAliveTimeout when it %s', async (_, go) => {
            const limits = { keepAlive: 300, keepAliveTimeout: 300 }
            // A client counts as idle while the server only waits for its request.
            const server = await start(
              work.content === 'none' ? limits : { ...limits, idleTimeout: 600 },
            )
            const { client, events } = await begin(server, work)
            go(client)
            await isGone(server, work, events, client)
            if (work.content === 'open') return
            await eventually(() =>
              expect(server.faults[0]?.error).toMatchObject({
                // Detected by the protocol or by TCP, whose timeouts are the same.
                code: expect.stringMatching(/^(KEEP_ALIVE_TIMEOUT|ETIMEDOUT)$/) as string,
              }),
            )
          })
        }

        if (work.windows === 'initial') return
        testWithProgram('curl', 'is noticed when it is killed', async () => {
          const server = await start()
          const file = join(await temporaryFolder(), 'events')
          const { path, begun } = work
          const options = ['--no-buffer', '--insecure', '--silent', curlFlag(tls), ...work.curl]
          const curl = spawn('curl', [...options, `${server.url.slice(0, -1)}${path}?${file}`])
          onTestFinished(() => void curl.kill('SIGKILL'))
          if (work.reads) curl.stdout.resume()
          curl.stdin.on('error', () => {})
          curl.stdin.write('begun')
          const events = () => noted(file)
          await eventually(() => expect(events()).toContain(begun))
          await settle(work)
          curl.kill('SIGKILL')
          await isGone(server, work, events)
        })
      })
    }

    if (tls) {
      describe('in its TLS handshake', () => {
        test.each(ANY_WAYS)('is noticed when it %s', async (_, go) => {
          const server = await start()
          const tcp = await connectTcp(server.url)
          tcp.write(Buffer.from('1603010005', 'hex'))
          await eventually(() => expect(tcpDescriptors()).toBe(server.descriptors + 2))
          const client = { tcp, secure: undefined, stream: tcp }
          await go(client)
          await hasRoom(server, client)
        })
      })
    }

    describe('before its first request', () => {
      test.each(ways)('is noticed when it %s', async (_, go) => {
        const server = await start()
        const client = await vanishingClient(server.url, httpVersion)
        client.stream.write(httpVersion === '2' ? 'PRI * HT' : 'GET / HT')
        await eventually(() => expect(tcpDescriptors()).toBe(server.descriptors + 2))
        await go(client)
        await hasRoom(server, client)
      })
    })
  })

  if (httpVersion === '2') {
    test(`a client of ${name} that never ends a request which has its response is sent away`, async () => {
      const server = await start({
        keepAlive: 200,
        stalledResponseTimeout: 600,
        idleTimeout: 600,
      })
      const client = await frameClient(server.url)
      const upload = headersFrames(1, requestFields(server.url, 'POST'), 'open')
      await client.send(upload)
      await client.until(() => client.outcomes.get(1)?.status === 200)
      // It acknowledges every PING.
      await client.closed
      await hasRoom(server)
    })

    describe(`a client of ${name} that has ended its side of the connection`, () => {
      test('gets a response of 10 MiB whole', async () => {
        const server = await start()
        const client = await vanishingClient(server.url, httpVersion)
        const response = sendRequest(client, httpVersion, server.url, DOWNLOAD)
        await halfClose(client)
        await eventually(() => expect(response).toEqual({ length: 10 * MIB, complete: true }))
        await hasRoom(server, client)
      })

      if (!awaits) return
      test('gets an event stream on, but not for longer than halfClosedTimeout', async () => {
        const server = await start({ halfClosedTimeout: 3000 })
        const { client, events } = await begin(server, TICKS)
        const before = events().length
        await halfClose(client)
        await eventually(() => expect(events()).toContain('aborted'))
        // A client without further output is gone after half a second, which is five ticks. Without load there are
        // 30.
        expect(events().length - before).toBeGreaterThan(10)
        await hasRoom(server, client)
      })
    })
  }

  test(`an idle client of ${name} that loses its network is noticed by TCP`, async () => {
    const server = await start({ keepAlive: 1000, keepAliveTimeout: 1000 })
    const work = works(awaits)[0]!
    // HTTP/1.1 has a separate timeout for idle clients.
    const { client } =
      httpVersion === '2'
        ? { client: await vanishingClient(server.url, httpVersion) }
        : await begin(server, work)
    if (httpVersion === '2') {
      const response = sendRequest(client, httpVersion, server.url, { ...DOWNLOAD, path: '/' })
      await eventually(() => expect(response.complete).toBe(true))
    }
    loseNetwork(client.tcp)
    await vi.waitFor(() => expect(tcpDescriptors()).toBe(server.descriptors + 1), {
      timeout: 25_000,
      interval: 100,
    })
    await hasRoom(server, client)
  })

  /** Makes a request and waits until the server is processing it. */
  async function begin(
    server: Watched,
    work: Work,
  ): Promise<{ client: VanishingClient; events: () => string[] }> {
    const file = join(await temporaryFolder(), 'events')
    const client = await vanishingClient(server.url, httpVersion)
    sendRequest(client, httpVersion, server.url, { ...work, path: `${work.path}?${file}` })
    if (work.reads) client.stream.resume()
    else client.tcp.pause()
    const events = () => noted(file)
    await eventually(() => expect(events()).toContain(work.begun))
    await settle(work)
    return { client, events }
  }

  async function isGone(
    server: Watched,
    work: Work,
    events: () => string[],
    client?: VanishingClient,
  ): Promise<void> {
    await eventually(() => expect(events()).toEqual(expect.arrayContaining([...work.noticed])))
    await hasRoom(server, client)
  }

  /** Expects that nothing is left of the only client, and that another is served. */
  async function hasRoom({ url, descriptors }: Watched, client?: VanishingClient): Promise<void> {
    await eventually(() => {
      const own = client === undefined || client.tcp.destroyed ? 0 : 1
      expect(tcpDescriptors()).toBeLessThanOrEqual(descriptors + own)
    })
    await eventually(async () =>
      expect(await requestWithNode(url)).toMatchObject([{ status: 200 }]),
    )
  }
}

function noted(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}

/** Buffers fill up slightly later than the application thinks. */
async function settle({ begun }: Work): Promise<void> {
  await sleep(begun === 'full' ? 200 : 50)
}
