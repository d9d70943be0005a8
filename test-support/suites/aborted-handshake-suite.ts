import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import tls from 'node:tls'
import { describe, expect, test } from 'vitest'
import { requestWithNode } from '../clients/node-client'
import { tcpSocket } from '../clients/raw-client'
import { eventually } from '../eventually'
import type { ServerStarter } from '../server-starter'
import { tcpDescriptors } from '../tcp-descriptors'

/** How many clients connect at once. */
const BATCH = 50

/** How far a client gets in its handshake. */
const POINTS: readonly (readonly [string, (hello: Buffer, socket: Socket) => Promise<void>])[] = [
  ['before its ClientHello', async () => {}],
  ['within its ClientHello', async (hello, socket) => void socket.write(hello.subarray(0, 100))],
  [
    "after the server's flight",
    async (hello, socket) => {
      const answered = once(socket, 'data')
      socket.write(hello)
      await answered
    },
  ],
]

const ENDS: readonly (readonly [string, (socket: Socket) => void])[] = [
  ['FIN', (socket) => void socket.end()],
  ['a reset', (socket) => void socket.resetAndDestroy()],
]

/**
 * Clients that leave within their TLS handshake. Their descriptors and their places under `maxClients` are free at
 * once, long before `prefaceTimeout`. For dispatch methods that serve many clients with TLS.
 *
 * @param starter with TLS
 */
export function describeAbortedHandshakes({ name, start }: ServerStarter): void {
  describe(`handshakes with ${name}`, () => {
    for (const [where, proceed] of POINTS) {
      test.each(ENDS)(`1,000 that end ${where} by %s leave nothing behind`, async (_, leave) => {
        const server = await start({ maxClients: BATCH, limits: { prefaceTimeout: 600_000 } })
        const hello = await clientHello()
        const before = tcpDescriptors()
        for (let batch = 0; batch < 1000 / BATCH; batch++) {
          await Promise.all(
            Array.from({ length: BATCH }, async () => {
              const socket = await tcpSocket(server.url)
              await proceed(hello, socket)
              leave(socket)
            }),
          )
          // Otherwise the next batch would be refused.
          await eventually(() => expect(server.faults).toHaveLength((batch + 1) * BATCH))
          await eventually(() => expect(tcpDescriptors()).toBeLessThanOrEqual(before))
        }
        const codes = new Set(server.faults.map(({ error }) => (error as { code?: unknown }).code))
        expect(codes).not.toContain('TOO_MANY_CLIENTS')
        expect(await requestWithNode(server.url)).toMatchObject([{ status: 200 }])
      })
    }
  })
}

/** The first flight of a TLS client. */
function clientHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = new Duplex({ read() {}, write: (octets: Buffer) => resolve(octets) })
    tls.connect({ socket, ALPNProtocols: ['h2'], rejectUnauthorized: false })
  })
}
