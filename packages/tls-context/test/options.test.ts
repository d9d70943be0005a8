import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { describeMisspeltOptions } from '../../../test-support/suites/misspelt-options-suite'
import { temporaryFolder } from '../../../test-support/temporary-folder'
import {
  createHttp2TlsContext,
  devTls,
  readTlsCredentials,
  readTlsOptions,
  TlsCredentialsError,
  TlsOptionError,
} from '../src'
import { listenOn, NativeTlsContext, wrapToTls } from '../src/native'
import { makeCredentials } from './support/credentials'

const credentials = await makeCredentials()
const other = await makeCredentials()
const context = new NativeTlsContext(credentials)
const ADDRESS = { address: '127.0.0.1', port: 0 }

type Setup = (options: object) => unknown

/** Whatever takes the settings of a context. */
const TAKERS: readonly (readonly [name: string, take: Setup])[] = [
  ['createHttp2TlsContext', (options) => createHttp2TlsContext({ ...credentials, ...options })],
  ['NativeTlsContext', (options) => new NativeTlsContext({ ...credentials, ...options })],
  ['readTlsOptions', (options) => readTlsOptions({ ...credentials, ...options })],
]

/** What it throws or rejects with. */
async function faultOf(call: () => unknown): Promise<unknown> {
  try {
    await call()
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown.')
}

describeMisspeltOptions(
  [
    ...TAKERS.flatMap(([name, take]) => [
      [name, () => take({ minVerson: 'TLSv1.3' }), 'minVerson', 'minVersion'] as const,
      [
        name,
        () => take({ clientCertificates: { mode: 'require', cas: other.cert } }),
        'clientCertificates.cas',
        'clientCertificates.ca',
      ] as const,
    ]),
    ['NativeTlsContext', () => TAKERS[1]![1]({ ticketKey: 1 }), 'ticketKey', 'ticketKeys'],
    [
      'readTlsCredentials',
      () => readTlsCredentials({ ...credentials, passfrase: 'x' } as never),
      'passfrase',
      'passphrase',
    ],
    ['devTls', () => devTls({ cachefolder: '/' } as never), 'cachefolder', 'cacheFolder'],
    ['listenOn', () => listenOn(ADDRESS, { reuseport: true } as never), 'reuseport', 'reusePort'],
    [
      'wrapToTls',
      () => wrapToTls(-1, context, { handshakeTimeOut: 5 } as never),
      'handshakeTimeOut',
      'handshakeTimeout',
    ],
  ],
  { name: 'TlsOptionError', code: 'INVALID_OPTION' },
)

describe.each(TAKERS)('%s refuses a value that cannot be:', (_, take) => {
  test.each([
    [{ minVersion: 'TLSv1.1' }, /minVersion can't be "TLSv1\.1": it must be TLSv1\.2 or TLSv1\.3/],
    [{ maxVersion: 'TLSv1' }, /maxVersion can't be "TLSv1"/],
    [
      { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' },
      /maxVersion can't be "TLSv1\.2".*minVersion/,
    ],
    [{ ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }, /ciphers can't be ".*": it must be an array/],
    [
      { clientCertificates: { mode: 'required', ca: other.cert } },
      /clientCertificates\.mode can't be "required": it must be request or require/,
    ],
    [{ clientCertificates: true }, /clientCertificates\.mode can't be undefined/],
    [{ clientCertificates: { mode: 'require' } }, /clientCertificates\.ca can't be undefined/],
  ])('%o', async (options, message) => {
    const error = await faultOf(() => take(options))
    expect(error).toBeInstanceOf(TlsOptionError)
    expect(error).toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message) as string,
    })
  })

  test.each([
    [
      { minVersion: 'TLSv1.3', ciphers: ['ECDHE-ECDSA-AES128-GCM-SHA256'] },
      /minVersion is TLSv1\.3/,
    ],
    [{ maxVersion: 'TLSv1.2', ciphers: ['TLS_AES_128_GCM_SHA256'] }, /maxVersion is TLSv1\.2/],
    [{ ciphers: ['RC4-SHA-X'] }, /RC4-SHA-X/],
  ])('a suite that can never be negotiated, %o', async (options, message) => {
    const error = await faultOf(() => take(options))
    expect(error).toBeInstanceOf(TlsOptionError)
    expect((error as Error).message).toMatch(message)
  })

  test('authorities that are no certificates', async () => {
    const clientCertificates = { mode: 'require', ca: 'my authority' }
    expect(await faultOf(() => take({ clientCertificates }))).toBeInstanceOf(TlsCredentialsError)
  })
})

describe('readTlsOptions', () => {
  test('reads files, and passes the settings on as plain data', async () => {
    const folder = await temporaryFolder()
    const certFile = join(folder, 'cert.pem')
    const keyFile = join(folder, 'key.pem')
    await writeFile(certFile, credentials.cert)
    await writeFile(keyFile, credentials.key)
    const settings = {
      ciphers: ['ECDHE-ECDSA-AES256-GCM-SHA384'],
      minVersion: 'TLSv1.2',
      clientCertificates: { mode: 'require', ca: Buffer.from(other.cert) },
    } as const
    const options = await readTlsOptions({ certFile, keyFile, ...settings })
    const { cert: ca } = await readTlsCredentials(other)
    expect(structuredClone(options)).toMatchObject({
      ...(await readTlsCredentials(credentials)),
      ...settings,
      clientCertificates: { mode: 'require', ca },
    })
    createHttp2TlsContext(options)
  })

  test('refuses credentials as text and as files at once: one of them would be ignored', async () => {
    const both = { ...credentials, certFile: 'cert.pem', keyFile: 'key.pem' }
    await expect(readTlsOptions(both)).rejects.toThrow(/certFile can't be "cert\.pem"/)
  })

  test('an option that is undefined counts as left out', async () => {
    const options = {
      ...credentials,
      passphrase: undefined,
      ciphers: undefined,
      minVersion: undefined,
      maxVersion: undefined,
      clientCertificates: undefined,
    }
    await readTlsOptions(options)
    createHttp2TlsContext(options)
  })
})
