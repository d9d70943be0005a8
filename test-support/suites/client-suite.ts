import { prebuildResponse } from '@h2lab/mini-http2'
import { describe, expect, test } from 'vitest'
import { CLIENTS } from '../clients/by-http-version'
import { chromiumPage, pageProtocol } from '../clients/chromium'
import { curl } from '../clients/curl'
import { h2load } from '../clients/h2load'
import { nghttp } from '../clients/nghttp'
import { requestWithUndici } from '../clients/undici'
import { testWithProgram } from '../programs'
import type { ServerStarter } from '../server-starter'

const BODY = 'Hello World\n'

/**
 * Common clients, unmodified, against a server with a prebuilt response. For every dispatch method with every
 * protocol.
 */
export function describeClients(starter: ServerStarter): void {
  const { name, protocol, tls, httpVersion, start } = starter
  const { requestWithNode, curlName, alpn, ...clients } = CLIENTS[httpVersion]
  const curlFlag = clients.curlFlag(tls)

  describe(`clients of ${name}`, () => {
    testWithProgram('curl', `curl ${curlFlag} gets the response by HTTP/${curlName}`, async () => {
      const { url } = await start()
      const response = await curl(url, curlFlag)
      expect(response).toEqual({ httpVersion: curlName, status: 200, body: BODY })
    })

    testWithProgram('curl', 'curl is answered when it sends a form', async () => {
      const { url } = await start()
      const { status, body } = await curl(url, curlFlag, '--data', 'name=Ada')
      expect({ status, body }).toEqual({ status: 200, body: BODY })
    })

    if (httpVersion === '2') {
      testWithProgram('nghttp', 'nghttp gets all responses on one connection', async () => {
        const { url } = await start()
        const responses = await nghttp(url, 20)
        expect(responses).toEqual(Array.from({ length: 20 }, () => ({ status: 200, length: 12 })))
      })
    }

    for (const load of [
      { requests: 200, clients: 1, streams: 1 },
      { requests: 5000, clients: 1, streams: 100 },
    ]) {
      const title = `h2load loses no request with ${load.streams} streams in flight`
      testWithProgram('h2load', title, async () => {
        const { url } = await start()
        expect(await h2load(url, { ...load, httpVersion })).toEqual({
          succeeded: load.requests,
          failed: 0,
          errored: 0,
          timedOut: 0,
          ok: load.requests,
        })
      })
    }

    test("node's client gets status, fields and body of 100 requests at once", async () => {
      const { url } = await start()
      const responses = await requestWithNode(url, Array(100).fill({ ':path': '/' }))
      expect(responses).toHaveLength(100)
      for (const { status, headers, body } of responses) {
        expect(status).toBe(200)
        expect(headers['content-type']).toBe('text/plain; charset=utf-8')
        expect(headers['content-length']).toBe('12')
        expect(body.toString()).toBe(BODY)
      }
    })

    test("node's client gets a response without a body", async () => {
      const { url } = await start({ app: prebuildResponse({ status: 204 }) })
      const [response] = await requestWithNode(url)
      expect(response).toMatchObject({ status: 204, body: Buffer.alloc(0) })
    })

    test("node's client gets a body of several frames as it was", async () => {
      const body = Buffer.from(Array.from({ length: 50_000 }, (_, index) => index % 251))
      const { url } = await start({ app: prebuildResponse({ body }) })
      const [response] = await requestWithNode(url)
      expect(response!.body.equals(body)).toBe(true)
    })

    if (tls) {
      test('undici with HTTP/2 allowed gets the response', async () => {
        const { url } = await start()
        expect(await requestWithUndici(url)).toEqual({ status: 200, body: BODY })
      })

      const title = `Chromium loads a page, and what it asks for, by the protocol ${alpn}`
      testWithProgram('chromium', title, async () => {
        const html = '<!doctype html><title>Octets</title><p>Hello World</p>'
        const headers = { 'content-type': 'text/html; charset=utf-8' }
        const { url } = await start({ app: prebuildResponse({ headers, body: html }) })
        const page = await chromiumPage()
        await page.goto(url)
        expect(await page.title()).toBe('Octets')
        expect(await pageProtocol(page)).toBe(alpn)
        const bodies = await page.evaluate(() =>
          Promise.all(
            Array.from({ length: 50 }, async (_, index) => (await fetch(`/${index}`)).text()),
          ),
        )
        expect(bodies).toEqual(Array(50).fill(html))
      })
    }

    // `mini` ignores the method and the windows.
    if (protocol !== 'mini') {
      testWithProgram('curl', 'curl --head gets no body', async () => {
        const { url } = await start()
        const { status, body } = await curl(url, curlFlag, '--head')
        expect(status).toBe(200)
        expect(body).toMatch(`HTTP/${curlName} 200`)
        expect(body).toContain('content-length: 12')
        expect(body).not.toContain('Hello')
      })

      testWithProgram('curl', 'curl gets a body larger than every window', async () => {
        const body = 'octet '.repeat(500_000)
        const { url } = await start({ app: prebuildResponse({ body }) })
        expect((await curl(url, curlFlag)).body === body).toBe(true)
      })
    }
  })
}
