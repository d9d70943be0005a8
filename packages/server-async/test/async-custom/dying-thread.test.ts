import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { requestWithNode } from '../../../../test-support/clients/node-client'
import { type RawClient, rawClient } from '../../../../test-support/clients/raw-client'
import { eventually } from '../../../../test-support/eventually'
import { runProgram } from '../../../../test-support/run-program'
import { serverStarter, serverStarters } from '../../../../test-support/server-starter'
import {
  describeDyingThreads,
  describeShortLivedThreads,
} from '../../../../test-support/suites/dying-thread-suite'
import { asyncCustom, makeAsyncCustom } from '../../src'

const DYING = { module: new URL('../../../../test-support/apps/dying.mjs', import.meta.url) }

for (const starter of serverStarters(asyncCustom, ['http2'])) {
  describeDyingThreads(starter)
  describeShortLivedThreads(starter)
}

describe('of several threads', () => {
  const many = serverStarter(makeAsyncCustom({ threads: 3 }), { protocol: 'http2', tls: true })

  test('one that dies leaves the clients of the others alone, and gets a successor', async () => {
    const server = await many.start({ app: DYING })
    const clients = await Promise.all(Array.from({ length: 60 }, () => rawClient(server.url)))
    const victims = ended(clients)
    clients[0]!.request(1, '/exits')
    await clients[0]!.closed
    await eventually(() => expect(server.faults).toHaveLength(1))
    for (const client of clients.slice(1)) if (client.socket.writable) client.request()
    await eventually(() => {
      const answered = clients.filter(({ responses }) => responses.length === 1)
      expect(answered.length + victims.size).toBe(clients.length)
    })
    expect(victims.size).toBeLessThan(clients.length / 2)
    // The system spreads clients by their ports.
    const threads = new Set<string>()
    await eventually(async () => {
      const [response] = await requestWithNode(server.url)
      threads.add(response!.body.toString())
      expect(threads.size).toBe(3)
    })
  })

  test('the places of the clients of one that dies are free', async () => {
    const server = await many.start({ app: DYING, maxClients: 6 })
    for (let count = 0; count < 5; count++) {
      const clients = await Promise.all(Array.from({ length: 6 }, () => rawClient(server.url)))
      for (const client of clients) client.request(1, '/exits')
      await Promise.all(clients.map(({ closed }) => closed))
    }
    await requestWithNode(server.url)
    const codes = new Set(server.faults.map(({ error }) => (error as { code?: unknown }).code))
    expect([...codes]).toEqual(['THREAD_DIED'])
  })
})

test('a thread that fills its heap takes neither the process nor the places of its clients along', async () => {
  const program = fileURLToPath(new URL('./apps/full-heap-server.mjs', import.meta.url))
  const { code, stdout, stderr } = await runProgram(process.execPath, [
    '--max-old-space-size=64',
    program,
  ])
  expect({ stderr, code }).toMatchObject({ code: 0 })
  expect(stdout.trim().split('\n')).toEqual([
    'THREAD_DIED: A thread of the server ended: its JavaScript heap is full.',
    '200',
    '200',
    '200',
  ])
})

/** The clients whose connections have ended, from now on. */
function ended(clients: readonly RawClient[]): ReadonlySet<RawClient> {
  const gone = new Set<RawClient>()
  for (const client of clients) void client.closed.then(() => gone.add(client))
  return gone
}
