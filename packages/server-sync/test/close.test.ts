import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { prebuildResponse } from '@h2lab/mini-http2'
import { describe, expect, test } from 'vitest'
import { rawClient, tcpSocket } from '../../../test-support/clients/raw-client'
import { eventually } from '../../../test-support/eventually'
import { serverStarters, type TestedServer } from '../../../test-support/server-starter'
import { none, thread } from '../src'
import { noMoreResourcesThan, resources } from './support/process'

/** Often, since what is tested are races between threads. */
const TIMES = 20
/** A client that doesn't read takes a while to fill the kernel's buffers. */
const TIMES_IN_WRITE = 5
/** Within which a server has to end, in milliseconds. */
const END_TIME = 1000

/** Longer than what the kernel's buffers hold. */
const LONG = prebuildResponse({ body: 'x'.repeat(2 ** 20) })

const starters = [...serverStarters(none, ['mini'], 'one'), ...serverStarters(thread, ['http2'])]

/** Twenty servers one after another, each with threads of its own. */
const TIMEOUT = 120_000

describe.each(starters)(
  '$name, blocked by one of its calls,',
  { timeout: TIMEOUT },
  ({ start }) => {
    /** Ends a server at once, again and again, and looks for what is left. */
    async function endAtOnce(
      occupy: (server: TestedServer) => Promise<Socket | undefined>,
      times = TIMES,
    ): Promise<void> {
      const startAndEnd = async () => {
        const server = await start({ app: LONG })
        const client = await occupy(server)
        await within(END_TIME, server.close({ graceMs: 0 }))
        expect(server.faults).toEqual([])
        client?.destroy()
      }
      // What a process makes once stays: the certificate, koffi, the thread pool of libuv.
      await startAndEnd()
      const before = resources()
      for (let time = 0; time < times; time++) await startAndEnd()
      await noMoreResourcesThan(before)
    }

    test('ends in accept', () => endAtOnce(async () => undefined))

    test('ends in the handshake or preface of a silent client', () =>
      endAtOnce((server) => tcpSocket(server.url)))

    test('ends in the read of a client that has its answer', () =>
      endAtOnce(async (server) => {
        const client = await rawClient(server.url)
        client.request()
        await eventually(() => expect(client.responses).toHaveLength(1))
        return client.socket
      }))

    test('ends in the write to a client that does not read', () =>
      endAtOnce(async (server) => {
        const client = await rawClient(server.url)
        client.socket.pause()
        client.request(20)
        // The kernel's buffers are full by then; if not, it ends in another call.
        await sleep(100)
        return client.socket
      }, TIMES_IN_WRITE))

    test('ends by draining in accept, and in a silent client', async () => {
      const server = await start()
      await server.close({ graceMs: 20_000 })
      const other = await start()
      const client = await rawClient(other.url)
      client.request()
      await eventually(() => expect(client.responses).toHaveLength(1))
      await other.close({ graceMs: 20_000 })
      expect(client.goaway).toBe('NO_ERROR')
      expect(await client.closed).toBe('ended')
    })

    test('ends after the grace time in a client that has only connected', async () => {
      const server = await start()
      await tcpSocket(server.url)
      await server.close({ graceMs: 100 })
    })
  },
)

/** Rejects if something takes longer: a server that hangs isn't waited for. */
async function within(milliseconds: number, ended: Promise<void>): Promise<void> {
  const timer = new AbortController()
  const tooLate = sleep(milliseconds, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`The server has not ended within ${milliseconds} ms.`)
  })
  tooLate.catch(() => {})
  await Promise.race([ended, tooLate]).finally(() => timer.abort())
}
