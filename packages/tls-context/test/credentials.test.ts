import { createPrivateKey } from 'node:crypto'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test-support/temporary-folder'
import {
  type CheckedTlsCredentials,
  createHttp2TlsContext,
  readTlsCredentials,
  type TlsCredentials,
  TlsCredentialsError,
  type TlsCredentialsErrorCode,
} from '../src'
import { makeCredentials } from './support/credentials'
import { connectOnce, serve } from './support/tls-connections'

let ours: CheckedTlsCredentials
let theirs: CheckedTlsCredentials

beforeAll(async () => {
  ours = await makeCredentials()
  theirs = await makeCredentials()
})

async function inFiles(cert: string | Uint8Array, key: string | Uint8Array) {
  const folder = await temporaryFolder()
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') }
  await writeFile(files.certFile, cert)
  await writeFile(files.keyFile, key)
  return files
}

async function expectFault(
  credentials: TlsCredentials,
  code: TlsCredentialsErrorCode,
  ...inMessage: readonly string[]
): Promise<void> {
  const error: unknown = await readTlsCredentials(credentials).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TlsCredentialsError)
  expect(error).toMatchObject({ code })
  for (const text of inMessage) expect((error as Error).message).toContain(text)
}

/** The user without rights, as most systems number it. */
const NOBODY = 65_534

describe('credentials that are right', () => {
  test('come back as PEM text from text, octets and files', async () => {
    const { cert, key } = ours
    const files = await inFiles(cert, key)
    const octets = { cert: Buffer.from(cert), key: new TextEncoder().encode(key) }
    const expected = { cert: `${cert.trim()}\n`, key: `${key.trim()}\n` }
    for (const credentials of [ours, octets, files]) {
      expect(await readTlsCredentials(credentials)).toEqual(expected)
    }
  })

  test('may be one file with both, a chain, and text around the blocks', async () => {
    const chain = `The server's own:\n${ours.cert}\nThe next one:\n${theirs.cert}`
    const { certFile } = await inFiles(`${ours.key}\n${chain}`, '')
    const { cert, key } = await readTlsCredentials({ certFile, keyFile: certFile })
    expect(cert).toBe(`${ours.cert.trim()}\n${theirs.cert.trim()}\n`)
    const port = await serve(createHttp2TlsContext({ cert, key }).serverOptions)
    expect(await connectOnce(port)).toMatchObject({ alpn: 'h2' })
  })

  test('may have an encrypted key, which comes back unencrypted', async () => {
    const passphrase = 'correct horse'
    const encrypted = await makeCredentials({ passphrase })
    expect(encrypted.key).toContain('ENCRYPTED')
    const { cert, key } = await readTlsCredentials({ ...encrypted, passphrase })
    expect(key).toContain('-----BEGIN PRIVATE KEY-----')
    const port = await serve(createHttp2TlsContext({ cert, key }).serverOptions)
    expect(await connectOnce(port)).toMatchObject({ alpn: 'h2' })
  })

  test('may have a key in the older form of its algorithm, encrypted or not', async () => {
    const passphrase = 'correct horse'
    const privateKey = createPrivateKey(ours.key)
    const sec1 = { type: 'sec1', format: 'pem' } as const
    const plain = privateKey.export(sec1).toString()
    const encrypted = privateKey.export({ ...sec1, cipher: 'aes-128-cbc', passphrase }).toString()
    expect(encrypted).toContain('Proc-Type: 4,ENCRYPTED')
    await readTlsCredentials({ cert: ours.cert, key: plain })
    await readTlsCredentials({ cert: ours.cert, key: encrypted, passphrase })
    await expectFault({ cert: ours.cert, key: encrypted }, 'TLS_PASSPHRASE_REQUIRED')
  })

  test('may have expired', async () => {
    const expired = await makeCredentials({ daysLeft: -1 })
    await readTlsCredentials(expired)
    const port = await serve(createHttp2TlsContext(expired).serverOptions)
    expect(await connectOnce(port)).toMatchObject({ alpn: 'h2' })
  })
})

describe('credentials that are wrong', () => {
  test('TLS_FILE_UNREADABLE: a missing file is named', async () => {
    const { certFile, keyFile } = await inFiles(ours.cert, ours.key)
    const missing = join(certFile, '..', 'missing.pem')
    await expectFault({ certFile: missing, keyFile }, 'TLS_FILE_UNREADABLE', missing, 'no such')
    await expectFault({ certFile, keyFile: missing }, 'TLS_FILE_UNREADABLE', missing, 'private key')
  })

  test('TLS_FILE_UNREADABLE: a folder is named', async () => {
    const folder = join(await temporaryFolder(), 'certificates')
    await mkdir(folder)
    const credentials = { certFile: folder, keyFile: folder }
    await expectFault(credentials, 'TLS_FILE_UNREADABLE', folder, 'it is a folder')
  })

  test('TLS_FILE_UNREADABLE: a file without permission is named', async () => {
    const files = await inFiles(ours.cert, ours.key)
    await chmod(files.keyFile, 0)
    // Root may read everything: there, another user tries.
    const isRoot = process.geteuid?.() === 0
    if (isRoot) await chmod(dirname(files.keyFile), 0o755)
    if (isRoot) process.seteuid?.(NOBODY)
    try {
      await expectFault(files, 'TLS_FILE_UNREADABLE', files.keyFile, 'permission denied')
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
  })

  test('TLS_NOT_PEM: text and files without the wanted block are named', async () => {
    const { cert, key } = ours
    await expectFault({ cert: 'hello', key }, 'TLS_NOT_PEM', 'The given certificate text')
    await expectFault({ cert, key: '' }, 'TLS_NOT_PEM', 'The given private key text')
    const der = Buffer.from(cert.replace(/-----.*-----/g, ''), 'base64')
    const files = await inFiles(der, key)
    await expectFault(files, 'TLS_NOT_PEM', files.certFile, 'BEGIN CERTIFICATE')
  })

  test('TLS_NOT_PEM: exchanged files are told by what they hold', async () => {
    const files = await inFiles(ours.key, ours.cert)
    await expectFault(files, 'TLS_NOT_PEM', files.certFile, 'contains only: PRIVATE KEY')
  })

  test('TLS_CERTIFICATE_INVALID: a damaged certificate, also further down a chain', async () => {
    const damaged = ours.cert.replace(/\n[^\n]+\n/, '\nAAAA\n')
    await expectFault({ ...ours, cert: damaged }, 'TLS_CERTIFICATE_INVALID')
    const cert = `${ours.cert}\n${damaged}`
    await expectFault({ ...ours, cert }, 'TLS_CERTIFICATE_INVALID', 'given certificate text')
  })

  test('TLS_KEY_INVALID: a damaged private key', async () => {
    const key = ours.key.replace(/\n[^\n]+\n/, '\nAAAA\n')
    await expectFault({ ...ours, key }, 'TLS_KEY_INVALID', 'given private key text')
  })

  test('TLS_PASSPHRASE_REQUIRED and TLS_PASSPHRASE_WRONG: an encrypted key', async () => {
    const encrypted = await makeCredentials({ passphrase: 'right' })
    await expectFault(encrypted, 'TLS_PASSPHRASE_REQUIRED', 'given private key text')
    await expectFault({ ...encrypted, passphrase: 'wrong' }, 'TLS_PASSPHRASE_WRONG')
    await expectFault({ ...encrypted, passphrase: '' }, 'TLS_PASSPHRASE_WRONG')
  })

  test('TLS_KEY_MISMATCH: both files are named', async () => {
    const files = await inFiles(ours.cert, theirs.key)
    await expectFault(files, 'TLS_KEY_MISMATCH', files.certFile, files.keyFile)
  })

  test('TLS_KEY_MISMATCH: a chain in the wrong order is told', async () => {
    const cert = `${theirs.cert}\n${ours.cert}`
    await expectFault({ cert, key: ours.key }, 'TLS_KEY_MISMATCH', 'It belongs to certificate 2')
  })

  test('TLS_CREDENTIALS_REFUSED: a key too short for OpenSSL', async () => {
    const short = await makeCredentials({ keyType: 'rsa', bits: 512 })
    await expectFault(short, 'TLS_CREDENTIALS_REFUSED', 'too small')
  })

  test('createHttp2TlsContext throws the same', () => {
    expect(() => createHttp2TlsContext({ cert: ours.cert, key: theirs.key })).toThrow(
      expect.objectContaining({ name: 'TlsCredentialsError', code: 'TLS_KEY_MISMATCH' }),
    )
  })
})
