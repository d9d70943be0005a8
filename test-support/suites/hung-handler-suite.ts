import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { withServer } from '@h2lab/mini-http2/server'
import { devTls } from '@h2lab/tls-context'
import { expect, test } from 'vitest'
import { leastGrowth } from '../allocated-memory'
import { requestWithNode } from '../clients/node-client'
import { rawSocket } from '../clients/raw-client'
import { eventually } from '../eventually'
import type { ServerStarter } from '../server-starter'
import { temporaryFolder } from '../temporary-folder'

const FAULTY = new URL('../apps/faulty.mjs', import.meta.url)

/** The number of servers in each round of the leak test. */
const TIMES = 7

/**
 * How much memory each server may keep, in octets. Starting any thread leaves 45,000 in a process, and most servers
 * have two. Each TLS client would leave 17,000.
 */
const TOLERANCE = 150_000

/**
 * A thread whose handler never returns must be terminated and can't release anything itself. For every dispatch
 * method whose loop runs in a thread.
 *
 * @param idleClients how many other clients are connected
 */
export function describeHungHandler(
  { name, method, protocol, tls }: ServerStarter,
  idleClients: number,
): void {
  test(`${name}: servers with a handler that never returns leave neither descriptors nor memory`, async () => {
    const folder = await temporaryFolder()
    const options = { protocol, tls: tls ? devTls() : undefined, app: { module: FAULTY } }
    let time = 0
    const hang = () => {
      time += 1
      return withServer(method, options, async (url, server) => {
        const clients = await Promise.all(Array.from({ length: idleClients }, () => connect(url)))
        // The handler creates the file and hangs.
        const file = `${folder}/${time}`
        const lost = requestWithNode(url, [{ ':path': `/hangs${file}` }])
        lost.catch(() => {})
        await eventually(() => expect(existsSync(file)).toBe(true))
        await server.close({ graceMs: 0 })
        await expect(lost).rejects.toThrow()
        await Promise.all(clients.map((leave) => leave()))
      })
    }
    const hangOften = async (times: number) => {
      for (let count = 0; count < times; count++) await hang()
    }
    // One-time allocations of the process must not count.
    await hangOften(3)
    const before = descriptors()
    const growth = await leastGrowth(() => hangOften(TIMES))
    await eventually(() => expect(descriptors()).toBeLessThanOrEqual(before))
    expect(growth / TIMES).toBeLessThan(TOLERANCE)
  }, 120_000)
}

/** Connects, over TLS if the URL says so, and sends nothing. Keeps no reference. */
async function connect(url: string): Promise<() => Promise<unknown>> {
  const socket = rawSocket(url)
  await once(socket, url.startsWith('https:') ? 'secureConnect' : 'connect')
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => {})
  return () => {
    socket.destroy()
    return closed
  }
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length
}
