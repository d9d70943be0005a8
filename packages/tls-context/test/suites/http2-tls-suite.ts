import { X509Certificate } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../../../test-support/eventually'
import { testWithProgram } from '../../../../test-support/programs'
import type {
  CheckedTlsCredentials,
  ClientCertificateOptions,
  Http2TlsContextOptions,
} from '../../src'
import { makeCredentials } from '../support/credentials'
import { opensslClient } from '../support/openssl-client'
import { connectOnce, serve, sessionOf } from '../support/tls-connections'

/** What a server knows of a connection once the handshake is done. */
export interface Handshake {
  /** The protocol chosen; undefined for a client without ALPN. */
  readonly alpn: string | undefined
  /** The fingerprint of the client's certificate. */
  readonly certificate: string | undefined
  readonly authorized: boolean
}

/**
 * Serves TLS for HTTP/2 on a free port of 127.0.0.1 until the test has finished. It sends one octet to
 * each client.
 */
export type ServeHttp2 = (
  options: Http2TlsContextOptions,
  onHandshake?: (handshake: Handshake) => void,
) => Promise<number>

/** What RFC 9113 asks of TLS, whatever makes it. */
export function describeHttp2Tls(name: string, serveHttp2: ServeHttp2): void {
  let ec: CheckedTlsCredentials
  let rsa: CheckedTlsCredentials

  beforeAll(async () => {
    ec = await makeCredentials()
    rsa = await makeCredentials({ keyType: 'rsa' })
  })

  describe(name, () => {
    describe('RFC 9113 3.2: ALPN', () => {
      test('a client that offers h2 gets h2, even if it prefers http/1.1', async () => {
        const port = await serveHttp2(ec)
        expect(await connectOnce(port, { ALPNProtocols: ['http/1.1', 'h2'] })).toMatchObject({
          alpn: 'h2',
        })
      })

      test.each(['TLSv1.2', 'TLSv1.3'] as const)(
        'over %s a client that offers only http/1.1 is refused with no_application_protocol',
        async (version) => {
          let connections = 0
          const port = await serveHttp2(ec, () => {
            connections += 1
          })
          const refused = connectOnce(port, { ALPNProtocols: ['http/1.1'], maxVersion: version })
          await expect(refused).rejects.toMatchObject({
            code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
          })
          expect(connections).toBe(0)
        },
      )

      test('RFC 9113 3.4: a client without ALPN is let through, for its preface decides', async () => {
        const seen: unknown[] = []
        const port = await serveHttp2(ec, ({ alpn }) => seen.push(alpn))
        await connectOnce(port, { ALPNProtocols: [] })
        await eventually(() => expect(seen).toEqual([undefined]))
      })
    })

    describe('RFC 9113 9.2: the version of TLS', () => {
      test('a client with TLS 1.1 at most is refused', async () => {
        const port = await serveHttp2(rsa)
        const old = connectOnce(port, {
          minVersion: 'TLSv1',
          maxVersion: 'TLSv1.1',
          ciphers: 'ALL:@SECLEVEL=0',
        })
        await expect(old).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' })
      })

      test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is accepted', async (version) => {
        const port = await serveHttp2(ec)
        const connected = await connectOnce(port, { minVersion: version, maxVersion: version })
        expect(connected).toMatchObject({ alpn: 'h2', version })
      })

      test('minVersion TLSv1.3 refuses a client with TLS 1.2', async () => {
        const port = await serveHttp2({ ...ec, minVersion: 'TLSv1.3' })
        await expect(connectOnce(port, { maxVersion: 'TLSv1.2' })).rejects.toMatchObject({
          code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
        })
      })

      test('maxVersion TLSv1.2 keeps a client with TLS 1.3 at TLS 1.2', async () => {
        const port = await serveHttp2({ ...ec, maxVersion: 'TLSv1.2' })
        expect(await connectOnce(port)).toMatchObject({ version: 'TLSv1.2' })
      })
    })

    describe('RFC 9113 9.2.1: features of TLS 1.2', () => {
      const renegotiate = {
        args: ['-tls1_2', '-alpn', 'h2'],
        type: 'R\n',
        // The server's octet comes last: amid a renegotiation it would be an error of its own.
        typeAfter: /Verify return code[\s\S]*---\n\./,
        // Once refused, or once a second handshake has shown the certificate again.
        until: /no renegotiation|RENEGOTIATING[\s\S]*depth=0/,
      }

      testWithProgram('openssl', 'a client that renegotiates is refused', async () => {
        const port = await serveHttp2(rsa)
        const printed = await opensslClient(port, renegotiate)
        expect(printed).toMatch(/RENEGOTIATING[\s\S]*no renegotiation/)
      })

      testWithProgram(
        'openssl',
        '(the same client does renegotiate with the defaults of Node)',
        async () => {
          const port = await serve(rsa)
          const printed = await opensslClient(port, renegotiate)
          expect(printed).toMatch(/RENEGOTIATING[\s\S]*depth=0/)
          expect(printed).not.toContain('no renegotiation')
        },
      )

      testWithProgram('openssl', 'a client that offers compression gets none', async () => {
        const port = await serveHttp2(rsa)
        const printed = await opensslClient(port, {
          args: ['-tls1_2', '-comp', '-alpn', 'h2'],
          type: 'Q\n',
          typeAfter: /Verify return code/,
          until: /DONE/,
        })
        expect(printed).toContain('Compression: NONE')
      })
    })

    describe('RFC 9113 9.2.2: TLS 1.2 cipher suites', () => {
      test.each([
        ['ECDHE-RSA-AES128-GCM-SHA256', 'prime256v1'],
        ['ECDHE-RSA-AES256-GCM-SHA384', 'auto'],
        ['ECDHE-RSA-CHACHA20-POLY1305', 'auto'],
      ])('%s is accepted with the curve %s', async (cipher, ecdhCurve) => {
        const port = await serveHttp2(rsa)
        const options = { ciphers: cipher, maxVersion: 'TLSv1.2', ecdhCurve } as const
        expect(await connectOnce(port, options)).toMatchObject({ alpn: 'h2', cipher })
      })

      test.each([
        'AES128-SHA',
        'AES128-GCM-SHA256',
        'AES256-GCM-SHA384',
        'ECDHE-RSA-AES128-SHA',
        'ECDHE-RSA-AES128-SHA256',
        'ECDHE-RSA-AES256-SHA384',
      ])('a client that has only %s, of appendix A, is refused', async (ciphers) => {
        const client = { ciphers, maxVersion: 'TLSv1.2' } as const
        const port = await serveHttp2(rsa)
        await expect(connectOnce(port, client)).rejects.toMatchObject({
          code: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
        })
        // The client itself is fine: a server that permits the suite talks to it.
        const permissive = await serve({ ...rsa, ciphers, ALPNProtocols: ['h2'] })
        expect(await connectOnce(permissive, client)).toMatchObject({ cipher: ciphers })
      })

      test('the order of the server decides', async () => {
        const port = await serveHttp2(rsa)
        const ciphers = 'ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256'
        expect(await connectOnce(port, { ciphers, maxVersion: 'TLSv1.2' })).toMatchObject({
          cipher: 'ECDHE-RSA-AES128-GCM-SHA256',
        })
      })

      test('the option ciphers replaces the suites of TLS 1.2 and leaves those of TLS 1.3', async () => {
        const only = 'ECDHE-RSA-AES256-GCM-SHA384'
        const port = await serveHttp2({ ...rsa, ciphers: [only] })
        expect(await connectOnce(port, { maxVersion: 'TLSv1.2' })).toMatchObject({ cipher: only })
        expect(await connectOnce(port)).toMatchObject({ version: 'TLSv1.3' })
        const other = connectOnce(port, {
          ciphers: 'ECDHE-RSA-AES128-GCM-SHA256',
          maxVersion: 'TLSv1.2',
        })
        await expect(other).rejects.toMatchObject({ code: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE' })
      })

      test('the option ciphers can choose among the suites of TLS 1.3', async () => {
        const ciphers = ['TLS_CHACHA20_POLY1305_SHA256']
        const port = await serveHttp2({ ...rsa, ciphers })
        expect(await connectOnce(port)).toMatchObject({ cipher: ciphers[0] })
        expect(await connectOnce(port, { maxVersion: 'TLSv1.2' })).toMatchObject({
          cipher: 'ECDHE-RSA-AES128-GCM-SHA256',
        })
      })

      test('a DHE suite, which appendix A permits, works when it is named', async () => {
        const ciphers = ['DHE-RSA-AES128-GCM-SHA256']
        const port = await serveHttp2({ ...rsa, ciphers })
        const connected = await connectOnce(port, {
          maxVersion: 'TLSv1.2',
          ciphers: ciphers[0],
          minDHSize: 2048,
        })
        expect(connected).toMatchObject({ cipher: ciphers[0] })
      })
    })

    describe('RFC 9113 9.2.3: client certificates', () => {
      /** Connects with a certificate of the client's own; says what the server saw of it. */
      async function certificateSeen(
        clientCertificates?: ClientCertificateOptions,
        client: CheckedTlsCredentials | undefined = ec,
      ): Promise<Pick<Handshake, 'certificate' | 'authorized'>> {
        const options = clientCertificates === undefined ? rsa : { ...rsa, clientCertificates }
        const seen: Handshake[] = []
        const port = await serveHttp2(options, (handshake) => seen.push(handshake))
        await connectOnce(port, client)
        await eventually(() => expect(seen).toHaveLength(1))
        const { certificate, authorized } = seen[0]!
        return { certificate, authorized }
      }

      test('by default none is requested', async () => {
        expect(await certificateSeen()).toEqual({
          certificate: undefined,
          authorized: false,
        })
      })

      test('mode request lets everybody in and says whether the certificate counts', async () => {
        const stranger = await makeCredentials()
        expect(await certificateSeen({ mode: 'request', ca: ec.cert })).toEqual({
          certificate: fingerprint(ec),
          authorized: true,
        })
        expect(await certificateSeen({ mode: 'request', ca: stranger.cert })).toEqual({
          certificate: fingerprint(ec),
          authorized: false,
        })
      })

      test('mode require lets only certificates in that the authorities vouch for', async () => {
        const stranger = await makeCredentials({ commonName: 'stranger' })
        const clientCertificates = { mode: 'require', ca: ec.cert } as const
        expect(await certificateSeen(clientCertificates)).toMatchObject({ authorized: true })
        await expect(certificateSeen(clientCertificates, stranger)).rejects.toThrow()
        const port = await serveHttp2({ ...rsa, clientCertificates })
        await expect(connectOnce(port)).rejects.toThrow()
      })
    })

    describe('RFC 8446 2.2: resumption', () => {
      test.each(['TLSv1.2', 'TLSv1.3'] as const)('a session of %s is resumed', async (version) => {
        const port = await serveHttp2(ec)
        const session = await sessionOf(port, { maxVersion: version })
        const resumed = await connectOnce(port, { maxVersion: version, session })
        expect(resumed).toMatchObject({ reused: true, alpn: 'h2', version })
        expect(await connectOnce(port, { maxVersion: version })).toMatchObject({ reused: false })
      })
    })
  })
}

function fingerprint({ cert }: CheckedTlsCredentials): string {
  return new X509Certificate(cert).fingerprint256
}
