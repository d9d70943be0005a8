import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { withServer } from '@h2lab/mini-http2/server'
import { devTls } from '@h2lab/tls-context'
import { expect, test } from 'vitest'
import { allocatedMemory } from '../allocated-memory'
import { requestWithNode } from '../clients/node-client'
import { rawSocket } from '../clients/raw-client'
import { eventually } from '../eventually'
import type { ServerStarter } from '../server-starter'
import { temporaryFolder } from '../temporary-folder'

const FAULTY = new URL('../apps/faulty.mjs', import.meta.url)

const TIMES = 20

/**
 * How much memory each time may take for good, in octets. What starting a thread leaves in a process, whatever
 * the thread does, are 45,000, and most servers have two; each TLS client would leave 17,000.
 */
const TOLERANCE = 150_000

/**
 * A thread whose handler never returns has to be terminated, and can't give anything back itself. Every dispatch
 * method whose loop lives in a thread has to pass.
 *
 * @param idleClients how many others are connected meanwhile
 */
export function describeHungHandler(
  { name, method, protocol, tls }: ServerStarter,
  idleClients: number,
): void {
  test(`${name}: ${TIMES} servers with a handler that never returns leave neither descriptors nor memory`, async () => {
    const folder = await temporaryFolder()
    const options = { protocol, tls: tls ? devTls() : undefined, app: { module: FAULTY } }
    const hang = (time: number) =>
      withServer(method, options, async (url, server) => {
        const clients = await Promise.all(Array.from({ length: idleClients }, () => connect(url)))
        // The handler makes the file, and hangs.
        const file = `${folder}/${time}`
        const lost = requestWithNode(url, [{ ':path': `/hangs${file}` }])
        lost.catch(() => {})
        await eventually(() => expect(existsSync(file)).toBe(true))
        await server.close({ graceMs: 0 })
        await expect(lost).rejects.toThrow()
        await Promise.all(clients.map((leave) => leave()))
      })
    // What a process makes once stays.
    for (let time = 0; time < 3; time++) await hang(time)
    const before = { descriptors: descriptors(), memory: allocatedMemory() }
    for (let time = 3; time < 3 + TIMES; time++) await hang(time)
    await eventually(() => expect(descriptors()).toBeLessThanOrEqual(before.descriptors))
    expect((allocatedMemory() - before.memory) / TIMES).toBeLessThan(TOLERANCE)
  }, 120_000)
}

/** Connects, over TLS if the URL says so, and says nothing. Nothing of it is kept. */
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
