import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { rawClient } from '../../../test-support/clients/raw-client'
import { eventually } from '../../../test-support/eventually'
import { runProgram } from '../../../test-support/run-program'
import { serverStarters } from '../../../test-support/server-starter'
import { none, thread } from '../src'

const APP = new URL('./support/turns-app.mjs', import.meta.url)
const starters = [...serverStarters(none, ['http2'], 'one'), ...serverStarters(thread, ['http2'])]

describe.each(starters)('the event loop of $name', ({ start }) => {
  test('gets turns while a client is served without a pause', async () => {
    const server = await start({ app: { module: APP } })
    const client = await rawClient(server.url)
    const end = performance.now() + 10_000
    // The answer to /timer is how often a timer of 1 ms has fired.
    const fired = async (): Promise<number> => {
      const { length } = client.responses
      client.request(1, '/timer')
      await eventually(() => expect(client.responses.length).toBe(length + 1))
      return client.responses.at(-1)!.length
    }
    const before = await fired()
    while ((await fired()) < before + 3) expect(performance.now()).toBeLessThan(end)
  })

  test('gets rid of what handlers leave behind that throw', async () => {
    const server = await start({ app: { module: APP }, onHandlerError: () => {} })
    const client = await rawClient(server.url)
    const throwOften = async (): Promise<void> => {
      for (let count = 0; count < 80; count++) {
        const { length } = client.responses
        client.request(100, '/throws')
        while (client.responses.length < length + 100) await nextTurn()
      }
    }
    for (let count = 0; count < 2; count++) await throwOften()
    const before = process.memoryUsage.rss()
    for (let count = 0; count < 4; count++) await throwOften()
    // 32,000 that are kept would take 67 MiB.
    expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(40)
  }, 60_000)
})

test('a server of threads that is closed while they load does not abort the process', async () => {
  const program = fileURLToPath(new URL('./support/closed-while-loading.mjs', import.meta.url))
  const { code, stderr } = await runProgram(process.execPath, [program])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
}, 120_000)
