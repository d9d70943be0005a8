import { expect, test } from 'vitest'
import { type Cut, cutExchange } from '../clients/cut-client'
import { requestWithNode } from '../clients/node-client'
import { eventually } from '../eventually'
import type { ServerStarter } from '../server-starter'
import { tcpDescriptors } from '../tcp-descriptors'

/** How many clients connect at once. */
const BATCH = 16
/** Hundreds of connections with TLS, on machines that are busy, in milliseconds. */
const TIMEOUT = 120_000

/**
 * Connections that end at any octet of an exchange, also within TLS. Their descriptors are closed, and the next
 * clients are served. For implementations of HTTP/2.
 */
export function describeCutConnections({ name, tls, clients, start }: ServerStarter): void {
  const batch = clients === 'one' ? 1 : BATCH

  test(`connections with ${name} that are cut at every octet of an exchange leave nothing behind`, {
    timeout: TIMEOUT,
  }, async () => {
    // No limit ends them.
    const server = await start({ limits: { prefaceTimeout: 600_000 } })
    // The first client of a process loads what stays.
    await requestWithNode(server.url)
    const before = tcpDescriptors()
    let octets = 0
    for (let isCut = true; isCut; octets += batch) {
      const cuts = Array.from({ length: batch }, (_, index) => {
        const at = octets + index
        // A FIN at one octet and a reset at the next: both reach every step of the exchange.
        const cut: Cut = at % 2 === 0 ? 'FIN' : 'reset'
        return cutExchange(server.url, at, cut)
      })
      isCut = (await Promise.all(cuts)).every((one) => one)
      await eventually(() => expect(tcpDescriptors()).toBeLessThanOrEqual(before))
      expect(await requestWithNode(server.url)).toMatchObject([{ status: 200 }])
      await eventually(() => expect(tcpDescriptors()).toBeLessThanOrEqual(before))
    }
    // The last one was whole: without TLS it is shorter than a ClientHello.
    expect(octets).toBeGreaterThan(tls ? 400 : 90)
    for (const { error } of server.faults) {
      expect(error).toHaveProperty('code', expect.stringMatching(/^[A-Z_0-9]+$/))
    }
  })
}
