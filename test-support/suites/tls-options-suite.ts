import { createPrivateKey } from 'node:crypto'
import { createServer, ServerSetupError, type ServerTlsOptions } from '@h2lab/mini-http2/server'
import { devTls, TlsCredentialsError, TlsOptionError } from '@h2lab/tls-context'
import { describe, expect, test } from 'vitest'
import { makeAuthority } from '../client-certificates'
import { requestWithTls } from '../clients/tls-client'
import { eventually } from '../eventually'
import { noMoreThan, openHandles } from '../open-handles'
import { HELLO_WORLD, type ServerStarter, type TestedServer } from '../server-starter'

// The certificate has an ECDSA key, so suites for RSA would never be negotiated.
const AES_128 = 'ECDHE-ECDSA-AES128-GCM-SHA256'
const AES_256 = 'ECDHE-ECDSA-AES256-GCM-SHA384'
const CHACHA20_OF_TLS13 = 'TLS_CHACHA20_POLY1305_SHA256'

const credentials = await devTls()
const authority = await makeAuthority()
const { ca, client } = authority
const stranger = (await makeAuthority('another authority')).client

/**
 * Clients encounter what `tls` specifies. For every dispatch method that creates TLS contexts, with every protocol.
 *
 * @param starter with TLS
 */
export function describeTlsOptions(starter: ServerStarter): void {
  const { name, method, protocol, start } = starter

  function startWith(options: Omit<ServerTlsOptions, 'cert' | 'key'>): Promise<TestedServer> {
    return start({ tls: { ...credentials, ...options } as ServerTlsOptions })
  }

  describe(`client certificates of ${name}`, () => {
    test('a required one that is missing ends the connection', async () => {
      const server = await startWith({ clientCertificates: { mode: 'require', ca } })
      await expectRefusal(server)
    })

    test('a required one of another authority ends the connection', async () => {
      const server = await startWith({ clientCertificates: { mode: 'require', ca } })
      await expectRefusal(server, stranger)
    })

    test.each(['TLSv1.2', 'TLSv1.3'] as const)(
      'a client of %s with a required one is served, also after others were refused',
      async (version) => {
        const server = await startWith({
          clientCertificates: { mode: 'require', ca: Buffer.from(ca) },
        })
        const versions = { minVersion: version, maxVersion: version }
        await expectRefusal(server, versions)
        expect(await requestWithTls(server.url, { ...client, ...versions })).toMatchObject({
          status: 200,
          version,
        })
      },
    )

    test('one that is only requested lets everybody in', async () => {
      const { url } = await startWith({ clientCertificates: { mode: 'request', ca } })
      for (const shown of [{}, stranger, client]) {
        expect(await requestWithTls(url, shown)).toMatchObject({ status: 200 })
      }
    })
  })

  describe(`versions and cipher suites of ${name}`, () => {
    test('minVersion TLSv1.3 refuses a client of TLS 1.2', async () => {
      const server = await startWith({ minVersion: 'TLSv1.3' })
      await expectRefusal(server, { maxVersion: 'TLSv1.2' })
      expect(await requestWithTls(server.url)).toMatchObject({ status: 200, version: 'TLSv1.3' })
    })

    test('maxVersion TLSv1.2 refuses a client of TLS 1.3', async () => {
      const server = await startWith({ maxVersion: 'TLSv1.2' })
      await expectRefusal(server, { minVersion: 'TLSv1.3' })
      expect(await requestWithTls(server.url)).toMatchObject({ status: 200, version: 'TLSv1.2' })
    })

    test('a suite that is not among ciphers is refused, and one that is gets negotiated', async () => {
      const server = await startWith({ ciphers: [AES_256] })
      const tls12 = { maxVersion: 'TLSv1.2' } as const
      await expectRefusal(server, { ...tls12, ciphers: AES_128 })
      expect(await requestWithTls(server.url, tls12)).toMatchObject({
        status: 200,
        cipher: AES_256,
      })
    })

    test('ciphers names suites of TLS 1.3 as well', async () => {
      const server = await startWith({ ciphers: [CHACHA20_OF_TLS13] })
      await expectRefusal(server, { ciphers: 'TLS_AES_128_GCM_SHA256', minVersion: 'TLSv1.3' })
      expect(await requestWithTls(server.url)).toMatchObject({ cipher: CHACHA20_OF_TLS13 })
    })
  })

  test(`${name} opens an encrypted key with its passphrase`, async () => {
    const passphrase = 'octets'
    const key = String(
      createPrivateKey(credentials.key).export({
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase,
      }),
    )
    const { url } = await start({ tls: { cert: credentials.cert, key, passphrase } })
    expect(await requestWithTls(url)).toMatchObject({ status: 200 })
  })

  describe(`a TLS option that cannot be is an error of its class, and nothing is left of ${name}:`, () => {
    test.each([
      ['an unknown version', { minVersion: 'TLSv1.1' }, TlsOptionError, 'INVALID_OPTION'],
      ['an unknown suite', { ciphers: ['RC4-SHA'] }, TlsOptionError, 'TLS_CIPHER_PROHIBITED'],
      [
        'a suite of a version that is off',
        { ciphers: [AES_128], minVersion: 'TLSv1.3' },
        TlsOptionError,
        'TLS_CIPHER_UNUSABLE',
      ],
      [
        'a mode that is misspelt',
        { clientCertificates: { mode: 'required', ca } },
        TlsOptionError,
        'INVALID_OPTION',
      ],
      [
        'an authority that is none',
        { clientCertificates: { mode: 'require', ca: 'mine' } },
        TlsCredentialsError,
        'TLS_NOT_PEM',
      ],
      [
        'an encrypted key without passphrase',
        encryptedKey(),
        TlsCredentialsError,
        'TLS_PASSPHRASE_REQUIRED',
      ],
      ['an option that does not exist', { foo: 1 }, ServerSetupError, 'INVALID_OPTION'],
    ])('%s', async (_, options, errorClass, code) => {
      const before = openHandles()
      const tls = { ...credentials, ...options } as ServerTlsOptions
      const error = await createServer(method, { app: HELLO_WORLD, protocol, tls }).then(
        (server) => server.close({ graceMs: 0 }),
        (reason: unknown) => reason,
      )
      expect(error).toBeInstanceOf(errorClass)
      expect(error).toHaveProperty('code', code)
      await noMoreThan(before)
    })
  })
}

/**
 * TLS options that a dispatch method can't honour are refused by name. For every method that uses another TLS
 * implementation.
 *
 * @param starter with TLS
 */
export function describeRefusedTlsOptions({ name, method, protocol }: ServerStarter): void {
  test.each([
    ['ciphers', [AES_128]],
    ['minVersion', 'TLSv1.3'],
    ['maxVersion', 'TLSv1.2'],
    ['clientCertificates', { mode: 'require', ca }],
  ])(`${name} refuses tls.%s by its name, and undefined is no wish`, async (option, value) => {
    const created = (wanted: unknown) =>
      createServer(method, {
        app: HELLO_WORLD,
        protocol,
        tls: { ...credentials, [option]: wanted },
      })
    await expect(created(value)).rejects.toMatchObject({
      name: 'UnsupportedServerSetupError',
      message: expect.stringContaining(`tls.${option}`) as string,
    })
    const server = await created(undefined)
    await server.close({ graceMs: 0 })
  })
}

function encryptedKey(): { readonly key: string } {
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const
  return { key: String(createPrivateKey(credentials.key).export(options)) }
}

/** Expects that the client gets no response and that the fault is reported. */
async function expectRefusal(
  { url, faults }: TestedServer,
  options: Parameters<typeof requestWithTls>[1] = {},
): Promise<void> {
  const before = faults.length
  await expect(requestWithTls(url, options)).rejects.toThrow()
  await eventually(() => expect(faults.length).toBeGreaterThan(before))
}
