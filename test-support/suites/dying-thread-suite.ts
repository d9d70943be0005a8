import { createServer } from '@h2lab/mini-http2/server'
import { describe, expect, test } from 'vitest'
import { requestWithNode } from '../clients/node-client'
import { rawClient } from '../clients/raw-client'
import { eventually } from '../eventually'
import { HELLO_WORLD, type ServerStarter, type TestedServer } from '../server-starter'
import { tcpDescriptors } from '../tcp-descriptors'

const DYING = { module: new URL('../apps/dying.mjs', import.meta.url) }
const SHORT_LIVED = { module: new URL('../apps/short-lived.mjs', import.meta.url) }

/** How often a server lets its thread die within ten seconds before it has got a client. */
const MOST_FAILURES = 5

const WAYS = [
  ['/exits', 'process.exit(3) was called'],
  ['/throws', 'nobody catches this'],
  ['/rejects', 'nobody catches this'],
] as const

/**
 * An application that ends its thread takes only the clients of that thread along. The thread is replaced, and the
 * application's author is told. For dispatch methods whose loop runs in a thread.
 */
export function describeDyingThreads({ name, start }: ServerStarter): void {
  describe(`a thread of ${name}`, () => {
    test.each(WAYS)('that ends at %s is told and replaced', async (path, why) => {
      const server = await start({ app: DYING })
      await serves(server)
      const before = tcpDescriptors()
      const lost = await rawClient(server.url)
      lost.request(1, path)
      await lost.closed
      await eventually(() => expect(server.faults).not.toEqual([]))
      expect(server.faults).toMatchObject([
        { error: { code: 'THREAD_DIED', message: expect.stringContaining(why) as string } },
      ])
      await serves(server)
      await eventually(() => expect(tcpDescriptors()).toBeLessThanOrEqual(before))
    })

    test('is replaced as often as a client ends it', async () => {
      const server = await start({ app: DYING })
      for (let count = 0; count < 2 * MOST_FAILURES; count++) {
        const client = await rawClient(server.url)
        client.request(1, '/exits')
        await client.closed
      }
      await serves(server)
      await eventually(() => expect(server.faults).toHaveLength(2 * MOST_FAILURES))
    })
  })
}

/** Same, for a thread whose event loop runs while it waits for a client. */
export function describeShortLivedThreads({ name, method, protocol, start }: ServerStarter): void {
  describe(`a thread of ${name}`, () => {
    test('that ends again and again before it has a client ends the server with an error', async () => {
      const before = tcpDescriptors()
      const server = await start({ app: SHORT_LIVED })
      await expect(server.ended).rejects.toMatchObject({ code: 'SERVER_FAILED' })
      const codes = server.faults.map(({ error }) => (error as { code?: unknown }).code)
      expect(codes).toEqual([...Array(MOST_FAILURES).fill('THREAD_DIED'), 'SERVER_FAILED'])
      await server.close()
      await eventually(() => expect(tcpDescriptors()).toBeLessThanOrEqual(before))
      const next = await createServer(method, { app: HELLO_WORLD, protocol, port: server.port })
      await next.close({ graceMs: 0 })
      await next.ended
    })
  })
}

async function serves({ url }: TestedServer): Promise<void> {
  expect(await requestWithNode(url)).toMatchObject([{ status: 200 }])
}
