import type { Socket } from 'node:net'
import { prebuildResponse } from '@h2lab/mini-http2'
import { requestsVector } from '@h2lab/mini-http2/client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { requestWithNode } from '../clients/node-client'
import { type RawClient, rawClient, tcpSocket } from '../clients/raw-client'
import { vanishingClient } from '../clients/vanishing-client'
import { eventually } from '../eventually'
import { quiet } from '../quiet'
import type { ServerStarter, TestedServer } from '../server-starter'
import { tcpDescriptors } from '../tcp-descriptors'

const MEBIBYTE = 2 ** 20

/** A TLS record of 32 octets that no key decrypts. */
const BAD_RECORD = Buffer.concat([Buffer.from('1703030020', 'hex'), Buffer.alloc(32, 7)])

/**
 * Clients that disconnect, send nonsense, or are too many. They must not affect others. For every dispatch method
 * with every protocol. One that serves a client at a time can't refuse clients: they wait.
 */
export function describeBadInput({ name, protocol, tls, clients, start }: ServerStarter): void {
  const hasOwnProtocol = protocol === undefined

  describe(`bad input to ${name}`, () => {
    test('a client that resets its connection in the middle leaves the server serving', async () => {
      const server = await start()
      const socket = await tcpSocket(server.url)
      if (tls) socket.write(Buffer.from('1603010005', 'hex'))
      else socket.write(requestsVector(3).subarray(0, -5))
      socket.resetAndDestroy()
      await serves(server)
    })

    test('a client that resets its connection while it is answered leaves the server serving', async () => {
      const server = await start({ app: prebuildResponse({ body: 'x'.repeat(60_000) }) })
      for (let index = 0; index < 5; index++) {
        const client = await rawClient(server.url)
        client.request(50)
        await eventually(() => expect(client.received).toBeGreaterThan(0))
        client.socket.destroy()
      }
      await serves(server)
    })

    test('a client that resets its connection after its answers is no fault', async () => {
      const server = await start()
      const tcp = await tcpSocket(server.url)
      const client = await rawClient(server.url, { over: tcp })
      client.request(3)
      await eventually(() => expect(client.responses).toHaveLength(3))
      tcp.resetAndDestroy()
      await serves(server)
      await server.close()
      expect(server.faults).toEqual([])
    })

    test('a client that has closed its side still gets all its answers, then the end', async () => {
      const server = await start()
      const client = await rawClient(server.url)
      client.request(20)
      if (hasOwnProtocol) await eventually(() => expect(client.responses).toHaveLength(20))
      client.socket.end()
      expect(await client.closed).toBe('ended')
      expect(client.responses).toEqual(Array(20).fill({ status: 200, length: 12 }))
      await serves(server)
    })

    test('octets that are not HTTP/2 end the connection, and the server tells why', async () => {
      const server = await start()
      const client = await rawClient(server.url)
      client.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
      await client.closed
      if (!hasOwnProtocol) {
        expect(client.goaway).toBe('PROTOCOL_ERROR')
        expect(server.faults).toMatchObject([
          { error: { code: 'CLIENT_PREFACE_MISMATCH' }, peer: /^127\.0\.0\.1:\d+$/ },
        ])
      }
      await eventually(() => expect(server.faults).toHaveLength(1))
      await serves(server)
    })

    test('a client that ends at once, or within the preface, leaves the server serving', async () => {
      const server = await start()
      const silent = await rawClient(server.url)
      silent.socket.end()
      await silent.closed
      const curt = await rawClient(server.url)
      curt.send('PRI * HT')
      curt.socket.end()
      await curt.closed
      await serves(server)
    })

    // node:http2 has no timeout for the preface.
    if (tls || !hasOwnProtocol) {
      const awaited = tls ? 'its handshake' : 'the preface'
      test(`a client that sends nothing is given up after the time for ${awaited}`, async () => {
        const server = await start({ limits: { prefaceTimeout: 200 } })
        const socket = await tcpSocket(server.url)
        socket.resume()
        await new Promise((resolve) => socket.once('close', resolve))
        await eventually(() => expect(server.faults).toHaveLength(1))
        const code = tls ? 'ERR_TLS_HANDSHAKE_TIMEOUT' : 'PROTOCOL_ERROR'
        expect(server.faults[0]!.error).toMatchObject({ code })
        await serves(server)
      })
    }

    if (tls) {
      test('a client that offers only http/1.1 is refused in the handshake', async () => {
        const server = await start()
        await expect(rawClient(server.url, { alpn: ['http/1.1'] })).rejects.toMatchObject({
          code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
        })
        await eventually(() => expect(server.faults).toHaveLength(1))
        await serves(server)
      })

      test('a client that does not talk TLS is refused in the handshake', async () => {
        const server = await start()
        const socket = await tcpSocket(server.url)
        socket.end('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
        socket.resume()
        await new Promise((resolve) => socket.once('close', resolve))
        await eventually(() => expect(server.faults).toHaveLength(1))
        expect(server.faults[0]!.error).toHaveProperty('code')
        await serves(server)
      })
    }

    if (tls) {
      test.each([
        ['falls silent', false],
        ['goes on sending', true],
      ])(
        'a client that sends a bad TLS record and %s is cut off, and the server tells it once',
        async (_, goesOn) => {
          const server = await start()
          const before = tcpDescriptors()
          const { tcp } = await vanishingClient(server.url, '2')
          tcp.write(BAD_RECORD)
          if (goesOn) await sendUntilClosed(tcp)
          // The client's own is still open.
          else await eventually(() => expect(tcpDescriptors()).toBe(before + 1))
          tcp.destroy()
          await eventually(() => expect(tcpDescriptors()).toBe(before))
          await eventually(() => expect(server.faults).not.toEqual([]))
          expect(server.faults).toMatchObject([
            { error: { code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC' } },
          ])
          await serves(server)
        },
      )
    }

    if (clients === 'many') {
      test('clients over maxClients are refused and told of, and one that leaves makes room', async () => {
        const server = await start({ maxClients: 3 })
        const admitted = await connected(server, 3)
        for (const client of admitted) client.request()
        await eventually(() => {
          for (const client of admitted) expect(client.responses).toHaveLength(1)
        })
        const refused = await Promise.all(Array.from({ length: 20 }, () => tcpSocket(server.url)))
        await Promise.all(
          refused.map((socket) => new Promise((resolve) => socket.resume().once('close', resolve))),
        )
        await eventually(() => expect(server.faults).toHaveLength(20))
        for (const { error } of server.faults) {
          expect(error).toMatchObject({ name: 'ClientRefusedError', code: 'TOO_MANY_CLIENTS' })
        }
        for (const client of admitted) client.request()
        await eventually(() => {
          for (const client of admitted) expect(client.responses).toHaveLength(2)
        })
        admitted[0]!.socket.destroy()
        await serves(server)
      })
    }

    test('a client that does not read makes the server hold a bounded amount', async () => {
      const length = 2 * MEBIBYTE
      const requests = 100
      const server = await start({ app: prebuildResponse({ body: 'x'.repeat(length) }) })
      const client = await rawClient(server.url)
      const before = process.memoryUsage.rss()
      client.socket.pause()
      client.request(requests)
      await quiet()
      // The whole download is 200 MiB. The limit and the kernel's buffers are 20 MiB at most, but other memory of
      // this process counts as well.
      expect(process.memoryUsage.rss() - before).toBeLessThan(80 * MEBIBYTE)
      expect(client.responses).toHaveLength(0)
      if (clients === 'many') await serves(server)
      client.socket.resume()
      // node:http2 limits its memory by resetting streams.
      if (hasOwnProtocol) return
      await eventually(() => expect(client.responses).toHaveLength(requests))
      expect(client.responses).toEqual(Array(requests).fill({ status: 200, length }))
    })
  })
}

/** Sends octets until the other side has closed the connection. */
async function sendUntilClosed(socket: Socket): Promise<void> {
  const chunk = Buffer.alloc(MEBIBYTE)
  const timer = setInterval(() => {
    if (socket.writable && socket.writableLength === 0) socket.write(chunk)
  }, 10)
  onTestFinished(() => clearInterval(timer))
  await eventually(() => expect(socket.destroyed).toBe(true))
}

/** Expects that the server still answers another client. */
async function serves(server: TestedServer): Promise<void> {
  await eventually(async () => {
    const [response] = await requestWithNode(server.url)
    expect(response!.status).toBe(200)
  })
}

function connected(server: TestedServer, count: number): Promise<RawClient[]> {
  return Promise.all(Array.from({ length: count }, () => rawClient(server.url)))
}
