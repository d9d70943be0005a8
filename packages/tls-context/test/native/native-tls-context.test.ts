import { randomBytes, X509Certificate } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { testWithProgram } from '../../../../test-support/programs'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { readTlsCredentials } from '../../src'
import {
  closeDescriptor,
  NativeTlsContext,
  type NativeTlsContextOptions,
  TICKET_KEYS_OCTETS,
  wrapToTls,
} from '../../src/native'
import { withCertificate, withPrivateKey } from '../../src/native/openssl/pem'
import { makeCredentials } from '../support/credentials'
import { opensslClient } from '../support/openssl-client'
import { clients } from './support/clients'
import { accept, expectNoDescriptorLeft, listen } from './support/descriptors'
import { faultOf } from './support/fault-of'

const credentials = await makeCredentials()
const other = await makeCredentials()
const talk = clients()

expectNoDescriptorLeft()

function contextWith(options: Partial<NativeTlsContextOptions> = {}): NativeTlsContext {
  const context = new NativeTlsContext({ ...credentials, ...options })
  onTestFinished(() => context.free())
  return context
}

/** Serves one client; tells whether both sides say that it has resumed the session. */
async function resumes(
  context: NativeTlsContext,
  client: { session: string; tls: object },
): Promise<boolean> {
  const { listener, port } = listen()
  const talked = talk({ port, ...client })
  const stream = wrapToTls(accept(listener), context)
  const { sessionReused } = stream.connection
  stream.write(Buffer.from('.'))
  stream.shutdown()
  stream.read(Buffer.alloc(1))
  stream.close()
  expect((await talked).reused).toBe(sessionReused)
  return sessionReused
}

describe('session tickets', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'contexts with common ticketKeys resume each other’s sessions of %s, and others do not',
    async (version) => {
      const client = { session: version, tls: { minVersion: version, maxVersion: version } }
      const ticketKeys = randomBytes(TICKET_KEYS_OCTETS)
      const one = contextWith({ ticketKeys })
      expect(await resumes(one, client)).toBe(false)
      expect(await resumes(one, client)).toBe(true)
      expect(await resumes(contextWith({ ticketKeys }), client)).toBe(true)
      expect(await resumes(contextWith(), client)).toBe(false)
    },
  )

  test('are resumed where clients show certificates', async () => {
    const context = contextWith({ clientCertificates: { mode: 'require', ca: other.cert } })
    const client = { session: 'certificate', tls: { ...other } }
    expect(await resumes(context, client)).toBe(false)
    expect(await resumes(context, client)).toBe(true)
  })

  test('ticketKeys of another length are refused', () => {
    expect(faultOf(() => contextWith({ ticketKeys: randomBytes(48) })).message).toBe(
      'The option ticketKeys must have 80 octets, not 48.',
    )
  })
})

describe('what the context is made from', () => {
  testWithProgram('openssl', 'a chain is sent whole', async () => {
    const context = contextWith({ cert: credentials.cert + other.cert })
    const { listener, port } = listen()
    const printed = opensslClient(port, {
      args: ['-showcerts', '-alpn', 'h2'],
      type: '',
      typeAfter: /never/,
      until: /DONE|closed/,
    })
    const stream = wrapToTls(accept(listener), context)
    stream.shutdown()
    stream.read(Buffer.alloc(1))
    stream.close()
    const sent = (await printed).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)
    expect(new Set(sent?.map(fingerprint))).toEqual(
      new Set([credentials, other].map(({ cert }) => fingerprint(cert))),
    )
  })

  test('an encrypted key is opened with its passphrase', async () => {
    const encrypted = await makeCredentials({ passphrase: 'correct horse' })
    contextWith({ ...encrypted, passphrase: 'correct horse' })
    expect(faultOf(() => contextWith(encrypted))).toMatchObject({
      code: 'TLS_PASSPHRASE_REQUIRED',
    })
  })

  test('a certificate and a key that are wrong are named, by their files too', async () => {
    expect(faultOf(() => contextWith({ key: other.key }))).toMatchObject({
      name: 'TlsCredentialsError',
      code: 'TLS_KEY_MISMATCH',
    })
    expect(faultOf(() => contextWith({ cert: 'rubbish' })).message).toContain(
      'The given certificate text',
    )
    const folder = await temporaryFolder()
    const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') }
    await writeFile(files.certFile, credentials.cert)
    await writeFile(files.keyFile, credentials.key.replace(/\n[^\n]+\n/, '\nAAAA\n'))
    const reading = readTlsCredentials(files)
    await expect(reading).rejects.toMatchObject({ code: 'TLS_KEY_INVALID' })
    await expect(reading).rejects.toThrow(files.keyFile)
  })

  test('ciphers of RFC 9113 appendix A are refused', () => {
    expect(faultOf(() => contextWith({ ciphers: ['AES128-SHA'] }))).toMatchObject({
      code: 'TLS_CIPHER_PROHIBITED',
    })
  })

  test('what OpenSSL itself refuses is an error with the text of its queue', () => {
    const use = () => {
      throw new Error('not reached')
    }
    const block = (label: string) => ({
      label,
      text: `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`,
    })
    const certificate = faultOf(() => withCertificate(block('CERTIFICATE'), use))
    expect(certificate).toMatchObject({ name: 'OpenSslError' })
    expect(certificate.code).toMatch(/^ERR_OSSL_[A-Z0-9_]+$/)
    expect(certificate.message).toMatch(/^PEM_read_bio_X509 failed: error:[0-9A-F]+:.+ASN1/i)
    const key = faultOf(() => withPrivateKey(block('PRIVATE KEY'), use))
    expect(key.message).toMatch(/^PEM_read_bio_PrivateKey failed: error:/)
  })
})

test('a context may be freed again; its connections go on, and new ones are refused', async () => {
  const context = new NativeTlsContext(credentials)
  const { listener, port } = listen()
  const talked = talk({ port, tls: {}, write: ['hello'] })
  const stream = wrapToTls(accept(listener), context)
  context.free()
  context.free()
  expect(stream.read(Buffer.alloc(10))).toBe(5)
  stream.write(Buffer.from('goodbye'))
  stream.shutdown()
  stream.read(Buffer.alloc(10))
  stream.close()
  expect(await talked).toMatchObject({ received: 'goodbye' })

  const second = talk({ port })
  const descriptor = accept(listener)
  expect(faultOf(() => wrapToTls(descriptor, context))).toMatchObject({ code: 'NATIVE_FREED' })
  expect(() => context.pointer).toThrow('The TLS context was freed')
  closeDescriptor(descriptor)
  await second
})

function fingerprint(certificate: string): string {
  return new X509Certificate(certificate).fingerprint256
}
