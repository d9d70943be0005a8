import http2 from 'node:http2'
import type { HandlerErrorListener } from '@h2lab/mini-http2'
import { describe, expect, test } from 'vitest'
import { responses } from '../apps/responses.mjs'
import { CLIENTS } from '../clients/by-http-version'
import { eventually } from '../eventually'
import type { ServerStarter } from '../server-starter'

/** For servers whose loop runs in a separate thread. */
const MODULE = new URL('../apps/responses.mjs', import.meta.url)

const OWN_DATE = 'Thu, 01 Jan 1970 00:00:00 GMT'

/** How the header fields of a response are sent, regardless of the protocol. For methods that call handlers. */
export function describeResponses({ name, method, httpVersion, start }: ServerStarter): void {
  const { requestWithNode } = CLIENTS[httpVersion]
  const app = method.handlers === 'modules' ? { module: MODULE, export: 'responses' } : responses

  const ask = async (url: string, ...paths: string[]) =>
    requestWithNode(
      url,
      paths.map((path) => ({ ':path': path })),
    )

  describe(`content-length behind ${name}`, () => {
    test('is dropped with 204, where it is forbidden', async () => {
      const { url } = await start({ app })
      const answers = await ask(url, '/send-204', '/steps-204', '/prebuilt-204')
      for (const { status, headers, body } of answers) {
        expect(status).toBe(204)
        expect(headers).not.toHaveProperty('content-length')
        expect(body).toHaveLength(0)
      }
      expect(answers[0]!.headers['x-kept']).toBe('1')
      expect(answers[1]!.headers['x-kept']).toBe('1')
    })

    test('may say with 304 what a 200 would have had', async () => {
      const { url } = await start({ app })
      for (const answer of await ask(url, '/send-304', '/steps-304', '/prebuilt-304')) {
        expect(answer).toMatchObject({ status: 304, headers: { 'content-length': '12' } })
        expect(answer.body).toHaveLength(0)
      }
    })

    test('may say with 205 that there is nothing', async () => {
      const { url } = await start({ app })
      expect(await ask(url, '/send-205')).toMatchObject([{ status: 205 }])
    })

    test('is dropped with an informational response', async () => {
      const { url } = await start({ app })
      const [answer] = await ask(url, '/informational')
      expect(answer).toMatchObject({ status: 200 })
      expect(answer!.body.toString()).toBe('final\n')
    })
  })

  describe(`date behind ${name}`, () => {
    test('is in every response, and tells the time', async () => {
      const { url } = await start({ app })
      // A server may update it once per second.
      const before = Date.now() - 10_000
      const paths = ['/send', '/send', '/send', '/steps', '/404', '/send-304']
      for (const { headers } of await ask(url, ...paths)) {
        expect(headers.date).toMatch(/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/)
        const date = Date.parse(headers.date as string)
        expect(date).toBeGreaterThanOrEqual(before)
        expect(date).toBeLessThanOrEqual(Date.now())
      }
    })

    // uWebSockets.js adds its own to every response, and this can't be disabled.
    if (httpVersion === '1.1') {
      test('that is not wanted is refused by the option’s name', async () => {
        await expect(start({ app, date: false })).rejects.toMatchObject({
          code: 'UNSUPPORTED_SERVER_SETUP',
          message: expect.stringContaining('date') as string,
        })
      })
      return
    }

    test('is not added to prebuilt responses, which are sent as they were built', async () => {
      const { url } = await start({ app })
      for (const { headers } of await ask(url, '/prebuilt', '/prebuilt')) {
        expect(headers).not.toHaveProperty('date')
      }
    })

    test('that the application gives wins', async () => {
      const { url } = await start({ app })
      const paths = ['/send-date', '/send-date', '/steps-date', '/prebuilt-date']
      for (const { headers } of await ask(url, ...paths)) expect(headers.date).toBe(OWN_DATE)
    })

    test('is left out if it is not wanted', async () => {
      const { url } = await start({ app, date: false })
      for (const { headers } of await ask(url, '/send', '/send', '/steps', '/prebuilt')) {
        expect(headers).not.toHaveProperty('date')
      }
      const [own] = await ask(url, '/send-date')
      expect(own!.headers.date).toBe(OWN_DATE)
    })
  })

  if (httpVersion === '2') describeListSizes()

  function describeListSizes(): void {
    describe(`a small SETTINGS_MAX_HEADER_LIST_SIZE of a client of ${name}`, () => {
      test.each([0, 1, 60, 100])(
        'of %d leaves heads of ordinary size as they are',
        async (size) => {
          const { url } = await start({ app })
          const paths = ['/send', '/send-ordinary', '/prebuilt', '/prebuilt-ordinary', '/404']
          const statuses = await announcing(url, size, paths)
          expect(statuses).toEqual([200, 200, 200, 200, 404])
        },
      )

      test.each(['/send-large', '/steps-large', '/prebuilt-large'])(
        'refuses what the application makes large, and says so: %s',
        async (path) => {
          const errors: unknown[] = []
          const onHandlerError: HandlerErrorListener = (error) => void errors.push(error)
          const { url } = await start({ app, onHandlerError })
          expect(await announcing(url, 60, [path])).toEqual([500])
          await eventually(() =>
            expect(errors).toMatchObject([
              {
                code: 'HEADER_LIST_TOO_LARGE',
                message: expect.stringContaining('SETTINGS_MAX_HEADER_LIST_SIZE') as string,
              },
            ]),
          )
        },
      )
    })
  }
}

/** Makes requests as a client that announces a limit on header lists. Returns the statuses. */
async function announcing(
  url: string,
  maxHeaderListSize: number,
  paths: readonly string[],
): Promise<(number | undefined)[]> {
  const session = http2.connect(url, { rejectUnauthorized: false, settings: { maxHeaderListSize } })
  session.on('error', () => {})
  try {
    return await Promise.all(
      paths.map(
        (path) =>
          new Promise<number | undefined>((resolve, reject) => {
            const stream = session.request({ ':path': path })
            stream.on('response', (head) => resolve(head[':status']))
            stream.on('error', reject)
            stream.on('close', () => reject(new Error(`${path} has no response.`)))
            stream.resume()
          }),
      ),
    )
  } finally {
    session.destroy()
  }
}
