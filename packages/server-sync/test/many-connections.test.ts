import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { rawClient, tcpSocket } from '../../../test-support/clients/raw-client'
import { eventually } from '../../../test-support/eventually'
import { serverStarters, type TestedServer } from '../../../test-support/server-starter'
import { none, thread } from '../src'
import { noMoreResourcesThan, resources } from './support/process'

// `bench/connections.bench.mjs` does the same with 10,000 and looks at the memory.
const CONNECTIONS = 60

const starters = [
  ...serverStarters(none, ['http2', 'nghttp2'], 'one'),
  ...serverStarters(thread, ['mini']),
]

describe.each(starters)('$name', ({ start, tls }) => {
  test(`${CONNECTIONS} connections one after another leave no descriptor and no thread`, async () => {
    const warmUp = await start()
    await wholeClient(warmUp)
    await warmUp.close({ graceMs: 0 })
    const before = resources()
    const server = await start()
    for (let index = 0; index < CONNECTIONS; index++) {
      if (index % 2 === 0) await wholeClient(server)
      else await brokenClient(server, tls, index % 4 === 1)
    }
    await server.close({ graceMs: 0 })
    await noMoreResourcesThan(before)
  })
})

async function wholeClient({ url }: TestedServer): Promise<void> {
  const client = await rawClient(url)
  client.request()
  await eventually(() => expect(client.responses).toHaveLength(1))
  client.socket.destroy()
  await client.closed
}

/** Is cut off in the middle of its handshake or preface, or of its request. */
async function brokenClient({ url }: TestedServer, tls: boolean, early: boolean): Promise<void> {
  if (early) {
    const socket = await tcpSocket(url)
    socket.write(tls ? Buffer.from('1603010005', 'hex') : 'PRI * HT')
    await sleep(1)
    socket.resetAndDestroy()
    return
  }
  const client = await rawClient(url)
  client.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04')
  client.socket.destroy()
  await client.closed
}
