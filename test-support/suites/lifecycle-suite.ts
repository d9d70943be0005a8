import { createServer as createTcpServer } from 'node:net'
import { requestsVector } from '@h2lab/mini-http2/client'
import { MAX_STREAM_ID } from '@h2lab/mini-http2/frames'
import { createServer, serverUrl } from '@h2lab/mini-http2/server'
import { devTls } from '@h2lab/tls-context'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CLIENTS } from '../clients/by-http-version'
import { type RawClient, tcpSocket } from '../clients/raw-client'
import { eventually } from '../eventually'
import { noMoreThan, openHandles } from '../open-handles'
import { HELLO_WORLD, type ServerStarter, type TestedServer } from '../server-starter'
import { temporaryFolder } from '../temporary-folder'

/** The length of the frame at the end of a vector of requests. */
const GOAWAY_LENGTH = 17

/**
 * How a server starts and ends: what it reports, what it refuses, and that it leaves nothing behind. For every
 * dispatch method with every protocol.
 */
export function describeLifecycle(starter: ServerStarter): void {
  const { name, method, protocol, tls, httpVersion, start } = starter
  const { requestWithNode, rawClient } = CLIENTS[httpVersion]

  describe(`the start of ${name}`, () => {
    test('port 0 is any free port, which the URL tells', async () => {
      const urls: string[] = []
      const server = await start({ onListening: (url) => urls.push(url) })
      expect(server.port).toBeGreaterThan(0)
      expect(server.url).toBe(serverUrl({ host: '127.0.0.1', port: server.port, tls }))
      expect(urls).toEqual([server.url])
      expect(await requestWithNode(server.url)).toMatchObject([{ status: 200 }])
    })

    test.each(['localhost', '::1', '0.0.0.0'])('it listens on %s', async (host) => {
      const credentials = tls ? devTls({ anywhere: true }) : undefined
      const server = await start({ host, tls: credentials })
      expect(await requestWithNode(server.url)).toMatchObject([{ status: 200 }])
    })

    test('a port in use is an error that names it, and no handle is left', async () => {
      const port = await usedPort()
      await expectRefusal({ port }, 'PORT_IN_USE', `127.0.0.1:${port}`)
    })

    test('a host that is not of this machine is an error that names it, and no handle is left', async () => {
      await expectRefusal({ host: '192.0.2.1' }, 'HOST_NOT_AVAILABLE', '192.0.2.1:0')
      await expectRefusal({ host: 'nowhere.invalid' }, 'HOST_NOT_AVAILABLE', 'nowhere.invalid:0')
    })

    if (tls) {
      test('a certificate for loopback only is refused for other hosts, and no handle is left', async () => {
        await expectRefusal({ host: '0.0.0.0', tls: await devTls() }, 'LOOPBACK_ONLY', '0.0.0.0')
      })
    }

    test('a missing certificate is an error that names its file, and no handle is left', async () => {
      const certFile = `${await temporaryFolder()}/cert.pem`
      const credentials = { certFile, keyFile: certFile }
      await expectRefusal({ tls: credentials }, 'TLS_FILE_UNREADABLE', certFile)
    })

    test('an app module that is missing is an error that names it, and no handle is left', async () => {
      const module = `${await temporaryFolder()}/app.mjs`
      await expectRefusal({ app: { module } }, 'INVALID_APP', module)
    })

    async function expectRefusal(
      options: Partial<Parameters<typeof createServer>[1]>,
      code: string,
      named: string,
    ): Promise<void> {
      // Created early, so that the certificate's files are closed again.
      const credentials = tls ? await devTls({ anywhere: true }) : undefined
      const before = openHandles()
      const refused = createServer(method, {
        app: HELLO_WORLD,
        protocol,
        tls: credentials,
        ...options,
      })
      await expect(refused).rejects.toMatchObject({
        code,
        message: expect.stringContaining(named) as string,
      })
      await noMoreThan(before)
    }
  })

  describe(`the end of ${name}`, () => {
    test('clients without open requests are sent away at once, and no handle is left', async () => {
      const before = openHandles()
      const server = await start()
      const client = await rawClient(server.url)
      client.request()
      await eventually(() => expect(client.responses).toHaveLength(1))
      await server.close({ graceMs: 20_000 })
      expect(await client.closed).toBe('ended')
      if (httpVersion === '2') expect(client.goaway).toBe('NO_ERROR')
      await noMoreThan(before)
    })

    // `mini` sends one GOAWAY, and node:http2 behaves differently.
    if (protocol !== undefined && protocol !== 'mini') {
      test('a client that answers nothing is told both that the end comes and the last stream that was served', async () => {
        const { server, client } = await silentClient()
        await server.close()
        await client.closed
        expect(client.lastStreamIds).toEqual([MAX_STREAM_ID, 3])
        expect(client.goaway).toBe('NO_ERROR')
      })

      test('and is told the last stream also if the grace time is short', async () => {
        const { server, client } = await silentClient()
        await server.close({ graceMs: 50 })
        await client.closed
        expect(client.lastStreamIds.at(-1)).toBe(3)
      })
    }

    /** Makes two requests and sends nothing more, not even acknowledgements. */
    async function silentClient(): Promise<{ server: TestedServer; client: RawClient }> {
      const server = await start()
      const client = await rawClient(server.url)
      client.send(requestsVector(2).subarray(0, -GOAWAY_LENGTH))
      await eventually(() => expect(client.responses).toHaveLength(2))
      return { server, client }
    }

    test('a client that does not go is cut off after the grace time', async () => {
      const server = await start()
      const socket = await tcpSocket(server.url)
      const before = performance.now()
      socket.pause()
      await server.close({ graceMs: 100 })
      expect(performance.now() - before).toBeLessThan(20_000)
    })

    test('close may be called again, and a shorter grace time counts', async () => {
      const server = await start()
      const socket = await tcpSocket(server.url)
      socket.pause()
      const first = server.close({ graceMs: 2 ** 31 - 1 })
      const second = server.close({ graceMs: 0 })
      await Promise.all([first, second, server.close()])
    })

    test('afterwards nobody is let in, and the port is free', async () => {
      const server = await start()
      await server.close()
      await expect(tcpSocket(server.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
      const next = await start({ port: server.port })
      expect(await requestWithNode(next.url)).toMatchObject([{ status: 200 }])
    })

    test('a signal ends it at once', async () => {
      const controller = new AbortController()
      const server = await start({ signal: controller.signal })
      const client = await rawClient(server.url)
      controller.abort()
      await client.closed
      await expect(tcpSocket(server.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    })
  })
}

/** A port of 127.0.0.1 that is taken until the test has finished. */
async function usedPort(): Promise<number> {
  const other = createTcpServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  return (other.address() as { port: number }).port
}
