import { prebuildResponse } from '@h2lab/mini-http2'
import { describe, expect, test } from 'vitest'
import { requestWithNodeHttp1 } from '../../../test-support/clients/node-http1-client'
import { tcpSocket } from '../../../test-support/clients/raw-client'
import { rawHttp1Client } from '../../../test-support/clients/raw-http1-client'
import { eventually } from '../../../test-support/eventually'
import type { TestedServer } from '../../../test-support/server-starter'
import { describeWithUws } from './support/describe-with-uws'
import { UWS_STARTERS } from './support/starters'

const MEBIBYTE = 2 ** 20

describeWithUws('uws', () => {
  for (const { name, tls, start } of UWS_STARTERS) {
    describe(`bad input to ${name}`, () => {
      test('a client that resets its connection in the middle leaves the server serving', async () => {
        const server = await start()
        const socket = await tcpSocket(server.url)
        socket.write(tls ? Buffer.from('1603010005', 'hex') : 'GET / HTTP/1.1\r\nHo')
        socket.resetAndDestroy()
        await serves(server)
      })

      test('a client that resets its connection while it is answered leaves the server serving', async () => {
        const server = await start({ app: prebuildResponse({ body: 'x'.repeat(16 * MEBIBYTE) }) })
        for (let index = 0; index < 5; index++) {
          const client = await rawHttp1Client(server.url)
          client.request()
          await eventually(() => expect(client.received).toBeGreaterThan(0))
          client.socket.destroy()
        }
        await serves(server)
      })

      test('octets that are not HTTP get no answer, and leave the server serving', async () => {
        const server = await start()
        const client = await rawHttp1Client(server.url)
        client.send(Buffer.from(Array.from({ length: 10_000 }, (_, index) => (index * 7) % 256)))
        await serves(server)
        expect(client.responses).toEqual([])
      })

      test('a content-length that is no number ends the connection', async () => {
        const server = await start({ app: (_, response) => response.send(200) })
        const client = await rawHttp1Client(server.url)
        client.send('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n')
        await client.closed
        await serves(server)
      })

      test('half a request keeps no other client waiting', async () => {
        const server = await start()
        const client = await rawHttp1Client(server.url)
        client.send('GET / HTTP/1.1\r\nHost: local')
        await serves(server)
        client.send('host\r\n\r\n')
        await eventually(() => expect(client.responses).toEqual([{ status: 200, length: 12 }]))
      })

      test('a body that ends too soon rejects with CLIENT_GONE and aborts the request', async () => {
        const rejected: unknown[] = []
        let aborted = false
        const server = await start({
          async app(request, response) {
            request.signal.addEventListener('abort', () => {
              aborted = true
            })
            await request.body.octets().catch((error) => rejected.push(error))
            response.send(200)
          },
        })
        const client = await rawHttp1Client(server.url)
        client.send('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf')
        setTimeout(() => client.socket.destroy(), 100)
        await eventually(() => expect(rejected).toMatchObject([{ code: 'CLIENT_GONE' }]))
        expect(aborted).toBe(true)
        await serves(server)
      })

      test('a body larger than its reader allows is answered with 413', async () => {
        const server = await start({
          async app(request, response) {
            if (request.method === 'POST') await request.body.octets({ limit: 10 })
            response.send(200)
          },
        })
        const client = await rawHttp1Client(server.url)
        client.send('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n')
        client.send('0123456789abcdefghij')
        await eventually(() => expect(client.responses).toEqual([{ status: 413, length: 0 }]))
        client.request()
        await eventually(() => expect(client.responses).toHaveLength(2))
      })

      test('a client that sends more than the handler reads is made to wait', async () => {
        let goOn = () => {}
        const server = await start({
          async app(request, response) {
            await new Promise<void>((resolve) => {
              goOn = resolve
            })
            let length = 0
            for await (const octets of request.body) length += octets.length
            response.send(200, { 'x-length': length })
          },
        })
        const client = await rawHttp1Client(server.url)
        const length = 64 * MEBIBYTE
        client.send(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`)
        const before = process.memoryUsage.rss()
        const body = Buffer.alloc(length)
        const sent = new Promise<string>((resolve) =>
          client.socket.write(body, () => resolve('sent')),
        )
        const waited = new Promise<string>((resolve) => setTimeout(resolve, 1000, 'waits'))
        expect(await Promise.race([sent, waited])).toBe('waits')
        expect(process.memoryUsage.rss() - before).toBeLessThan(160 * MEBIBYTE)
        goOn()
        await sent
        await eventually(() => expect(client.responses).toEqual([{ status: 200, length: 0 }]))
      })

      test('a client that does not read makes the server hold a bounded amount', async () => {
        const length = 2 * MEBIBYTE
        const server = await start({
          async app(request, response) {
            if (request.path === '/none') return response.send(200)
            const octets = new Uint8Array(length)
            response.writeHead(200)
            for (let count = 0; count < 100; count++) {
              if (!response.write(octets)) await response.drained()
            }
            response.end()
          },
        })
        const socket = await rawHttp1Client(server.url)
        socket.socket.pause()
        const before = process.memoryUsage.rss()
        socket.request()
        await new Promise((resolve) => setTimeout(resolve, 1000))
        // All of it would be 200 MiB.
        expect(process.memoryUsage.rss() - before).toBeLessThan(80 * MEBIBYTE)
        await serves(server, '/none')
      })

      test('a client that pipelines and does not read makes the server hold a bounded amount', async () => {
        const server = await start({ app: prebuildResponse({ body: 'x'.repeat(2 * MEBIBYTE) }) })
        const client = await rawHttp1Client(server.url)
        client.socket.pause()
        const before = process.memoryUsage.rss()
        client.request(100)
        await new Promise((resolve) => setTimeout(resolve, 1000))
        expect(process.memoryUsage.rss() - before).toBeLessThan(80 * MEBIBYTE)
        await serves(server)
      })

      test('a client that pipelines and reads none of many small answers is ended', async () => {
        const server = await start({ app: prebuildResponse({ body: 'x'.repeat(1000) }) })
        const client = await rawHttp1Client(server.url)
        client.socket.pause()
        const before = process.memoryUsage.rss()
        let state: 'sending' | 'ended' = 'sending'
        client.socket.once('error', () => {
          state = 'ended'
        })
        // All answers would be 500 MB.
        for (let count = 0; count < 50 && state === 'sending'; count++) {
          client.request(10_000)
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
        await eventually(() => expect(state).toBe('ended'))
        expect(process.memoryUsage.rss() - before).toBeLessThan(80 * MEBIBYTE)
        await serves(server)
      })

      test('a second request while the first waits for its handler ends the connection', async () => {
        const server = await start({
          async app(request, response) {
            await new Promise((resolve) => setTimeout(resolve, request.path === '/now' ? 0 : 200))
            response.send(200)
          },
        })
        const client = await rawHttp1Client(server.url)
        client.request(2)
        await client.closed
        expect(client.responses).toEqual([])
        await serves(server, '/now')
      })
    })
  }
})

/** The server lives: another client gets its answer. */
async function serves(server: TestedServer, path = '/'): Promise<void> {
  const [response] = await requestWithNodeHttp1(server.url, [{ ':path': path }])
  expect(response!.status).toBe(200)
}
