import type { Socket } from 'node:net'
import type { Handler } from '@h2lab/mini-http2'
import { createServer } from '@h2lab/mini-http2/server'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import faulty from '../apps/faulty.mjs'
import { CLIENTS } from '../clients/by-http-version'
import { rawClient, tcpSocket } from '../clients/raw-client'
import { sendRequest, vanishingClient } from '../clients/vanishing-client'
import { eventually } from '../eventually'
import { noMoreThan, openHandles } from '../open-handles'
import { quiet } from '../quiet'
import type { ServerStarter, TestedServer } from '../server-starter'

/** For servers whose loop runs in a separate thread. */
const MODULE = new URL('../apps/faulty.mjs', import.meta.url)
const FETCH_MODULE = new URL('../apps/fetch-application.mjs', import.meta.url)

const DOWNLOADS_MODULE = new URL('../apps/honest-clients.mjs', import.meta.url)
const MEBIBYTE = 2 ** 20

/** Failures of an application are visible by default. For methods that call handlers. */
export function describeHandlerFailures({
  name,
  method,
  protocol,
  httpVersion,
  start,
}: ServerStarter): void {
  const { requestWithNode } = CLIENTS[httpVersion]
  const app = method.handlers === 'modules' ? { module: MODULE } : faulty

  describe(`by default, a failure of a handler behind ${name}`, () => {
    test('is printed once, with method, path and stack', async () => {
      const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
      onTestFinished(() => printed.mockRestore())
      const server = await start({ app })
      const [failed, next] = await requestWithNode(server.url, [
        { ':method': 'DELETE', ':path': '/throws?a=b' },
        { ':path': '/' },
      ])
      expect([failed!.status, next!.status]).toEqual([500, 200])
      await eventually(() => expect(printed).toHaveBeenCalled())
      // Any later output would have arrived by now.
      await server.close()
      expect(printed).toHaveBeenCalledTimes(1)
      expect(printed.mock.calls[0]!.join(' ')).toMatch(
        /^DELETE \/throws\?a=b: RangeError: thrown by the handler\n {4}at .*faulty\.mjs/,
      )
    })
  })

  // uWebSockets.js does not report connections.
  if (httpVersion === '2') {
    test(`a client of ${name} that resets its connection while its answer is awaited is told of once`, async () => {
      const server = await start({ app })
      const tcp = await tcpSocket(server.url)
      const client = await rawClient(server.url, { over: tcp })
      client.request(1, '/silent')
      client.request(1)
      // The handler has been called for the first request by now.
      await eventually(() => expect(client.responses).toHaveLength(1))
      tcp.resetAndDestroy()
      await eventually(() =>
        expect(server.faults).toMatchObject([{ error: { code: 'ECONNRESET' } }]),
      )
      await server.close()
      expect(server.faults).toHaveLength(1)
    })
  }

  if (httpVersion === '2') {
    test(`a client of ${name} that resets its connection in the middle of its last response is told of once`, async () => {
      const server = await start({ app: { module: DOWNLOADS_MODULE } })
      // More than the system buffers for a client that does not read.
      const { tcp } = await stuckDownload(server, 64 * MEBIBYTE)
      tcp.resetAndDestroy()
      await eventually(() => expect(server.faults).toHaveLength(1))
      expect(server.faults[0]!.error).toMatchObject({
        code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) as string,
      })
    })
  }

  describe(`a fetch application behind ${name} that is not wrapped`, () => {
    const fetch = (request: Request) => new Response(request.url)

    test.each<[string, unknown]>([
      ['an object with a method fetch', { fetch, routes: [] }],
      ['its function fetch', fetch],
      ['its function fetch, bound', fetch.bind(undefined)],
      ['a module that exports an object', { module: FETCH_MODULE }],
      ['a module that exports the function', { module: FETCH_MODULE, export: 'fetch' }],
    ])('is refused with an error that names toHandler: %s', async (_, application) => {
      const before = openHandles()
      const refused = createServer(method, { app: application as Handler, protocol })
      await expect(refused).rejects.toMatchObject({
        code: 'INVALID_APP',
        message: expect.stringContaining('toHandler') as string,
      })
      await noMoreThan(before)
    })
  })
}

/** A client that requests a body and does not read it. Waits until the system has buffered `octets`. */
async function stuckDownload({ url }: TestedServer, octets: number): Promise<{ tcp: Socket }> {
  const client = await vanishingClient(url, '2')
  const path = `/download?octets=${octets}`
  sendRequest(client, '2', url, { path, content: 'none', windows: 'largest' })
  const { tcp } = client
  tcp.pause()
  await quiet()
  return { tcp }
}
