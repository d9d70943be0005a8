import { X509Certificate } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test-support/temporary-folder'
import { createHttp2TlsContext, devTls, readTlsCredentials } from '../src'
import { defaultCacheFolder } from '../src/development/cache-folder'
import { makeCredentials } from './support/credentials'
import { connectOnce, serve } from './support/tls-connections'

const DAY_MS = 24 * 60 * 60 * 1000
const hasModes = process.platform !== 'win32'

/** A cache whose newest file has this text. */
async function cacheWith(text: string): Promise<string> {
  const cacheFolder = await temporaryFolder()
  await writeFile(join(cacheFolder, 'localhost-1.pem'), text, { mode: 0o600 })
  return cacheFolder
}

describe('the development certificate', () => {
  test('names localhost, 127.0.0.1 and ::1, has a P-256 key and is no authority', async () => {
    const { cert } = await devTls({ cacheFolder: await temporaryFolder() })
    const certificate = new X509Certificate(cert)
    expect(certificate.checkHost('localhost')).toBe('localhost')
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(certificate.checkIP('::1')).toBe('::1')
    expect(certificate.checkHost('example.org')).toBeUndefined()
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
    expect(certificate.ca).toBe(false)
  })

  test('is valid from yesterday for a year', async () => {
    const { cert } = await devTls({ cacheFolder: await temporaryFolder() })
    const { validFrom, validTo } = new X509Certificate(cert)
    const days = (Date.parse(validTo) - Date.parse(validFrom)) / DAY_MS
    expect(days).toBe(366)
    expect(Date.parse(validFrom)).toBeLessThan(Date.now())
  })

  test.each(['localhost', '127.0.0.1'])(
    'is accepted by a client that trusts it and connects to %s',
    async (host) => {
      const made = await devTls({ cacheFolder: await temporaryFolder() })
      const port = await serve(createHttp2TlsContext(made).serverOptions)
      const servername = host === 'localhost' ? host : ''
      const options = { ca: made.cert, rejectUnauthorized: true, host, servername, family: 4 }
      expect(await connectOnce(port, options)).toMatchObject({ alpn: 'h2' })
    },
  )
})

describe('its use beyond this machine', () => {
  test('is ruled out by its mark, unless it is asked for', async () => {
    expect(await devTls()).toHaveProperty('loopbackOnly', true)
    expect(await devTls({ anywhere: true })).toHaveProperty('loopbackOnly', false)
    await expect(devTls({ anywhere: 'yes' as never })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('anywhere') as string,
    })
  })
})

describe('its cache', () => {
  test('gives the same certificate at the next call', async () => {
    const cacheFolder = join(await temporaryFolder(), 'new', 'h2lab')
    const first = await devTls({ cacheFolder })
    expect(await devTls({ cacheFolder })).toEqual(first)
  })

  test('is one file with certificate and key, and no temporary file beside it', async () => {
    const cacheFolder = await temporaryFolder()
    const made = await devTls({ cacheFolder })
    expect(await readdir(cacheFolder)).toEqual(['localhost-1.pem'])
    const path = join(cacheFolder, 'localhost-1.pem')
    expect(made).toMatchObject(await readTlsCredentials({ certFile: path, keyFile: path }))
  })

  test.skipIf(!hasModes)(
    'is a folder of mode 0700 and a file of mode 0600 (not on Windows, which has no modes)',
    async () => {
      const cacheFolder = join(await temporaryFolder(), 'h2lab')
      await devTls({ cacheFolder })
      expect((await stat(cacheFolder)).mode & 0o777).toBe(0o700)
      expect((await stat(join(cacheFolder, 'localhost-1.pem'))).mode & 0o777).toBe(0o600)
    },
  )

  test('renews a certificate with fewer than 30 days left and removes the old one', async () => {
    const old = await makeCredentials({ daysLeft: 29 })
    const cacheFolder = await cacheWith(old.cert + old.key)
    const { cert } = await devTls({ cacheFolder })
    expect(Date.parse(new X509Certificate(cert).validTo)).toBeGreaterThan(Date.now() + 360 * DAY_MS)
    expect(await readdir(cacheFolder)).toEqual(['localhost-2.pem'])
    expect(await readFile(join(cacheFolder, 'localhost-2.pem'), 'utf8')).toContain(cert)
  })

  test('keeps a certificate with more than 30 days left', async () => {
    const old = await makeCredentials({ daysLeft: 31 })
    const cacheFolder = await cacheWith(`${old.cert}\n${old.key}`)
    expect((await devTls({ cacheFolder })).cert.trim()).toBe(old.cert.trim())
  })

  test('replaces a file that is damaged, cut off, or whose key does not match', async () => {
    const { cert, key } = await makeCredentials()
    const other = await makeCredentials()
    const bad = ['', 'rubbish', cert, `${cert}\n${key.slice(0, 60)}`, `${cert}\n${other.key}`]
    for (const text of bad) {
      const cacheFolder = await cacheWith(text)
      const made = await devTls({ cacheFolder })
      await readTlsCredentials(made)
      expect(await readdir(cacheFolder)).toEqual(['localhost-2.pem'])
      expect(await devTls({ cacheFolder })).toEqual(made)
    }
  })

  test('passes over a folder that has the name of its file', async () => {
    const cacheFolder = await temporaryFolder()
    await mkdir(join(cacheFolder, 'localhost-1.pem'))
    const made = await devTls({ cacheFolder })
    expect(await readFile(join(cacheFolder, 'localhost-2.pem'), 'utf8')).toContain(made.cert)
  })

  test('leaves other files in its folder alone', async () => {
    const cacheFolder = await temporaryFolder()
    await writeFile(join(cacheFolder, 'localhost-x.pem'), 'mine')
    await devTls({ cacheFolder })
    expect(await readdir(cacheFolder)).toEqual(['localhost-1.pem', 'localhost-x.pem'])
  })

  test.each(['an empty', 'a damaged'])(
    'gives the same certificate to all that start at once on %s cache',
    async (state) => {
      const cacheFolder =
        state === 'an empty' ? await temporaryFolder() : await cacheWith('rubbish')
      const calls = Array.from({ length: 8 }, () => devTls({ cacheFolder }))
      const certificates = new Set((await Promise.all(calls)).map(({ cert }) => cert))
      expect(certificates.size).toBe(1)
      expect(await readdir(cacheFolder)).toHaveLength(1)
    },
  )
})

describe('without a cache', () => {
  test('a folder that cannot be written leaves the certificate in memory, one for all calls', async () => {
    const file = join(await temporaryFolder(), 'file')
    await writeFile(file, '')
    const cacheFolder = join(file, 'h2lab')
    const [first, second] = await Promise.all([devTls({ cacheFolder }), devTls({ cacheFolder })])
    await readTlsCredentials(first)
    expect(second).toEqual(first)
    expect(await devTls({ cacheFolder })).toEqual(first)
  })
})

describe('the default cache folder', () => {
  const home = '/home/ada'

  test('is h2lab in XDG_CACHE_HOME, which has to be absolute, or in ~/.cache', () => {
    const folder = (environment: Record<string, string>) =>
      defaultCacheFolder({ platform: 'linux', environment, home })
    expect(folder({ XDG_CACHE_HOME: '/var/cache/ada' })).toBe('/var/cache/ada/h2lab')
    expect(folder({ XDG_CACHE_HOME: 'relative' })).toBe('/home/ada/.cache/h2lab')
    expect(folder({ XDG_CACHE_HOME: '' })).toBe('/home/ada/.cache/h2lab')
    expect(folder({})).toBe('/home/ada/.cache/h2lab')
  })

  test('is in ~/Library/Caches on macOS', () => {
    const user = { platform: 'darwin', environment: {}, home: '/Users/ada' } as const
    expect(defaultCacheFolder(user)).toBe('/Users/ada/Library/Caches/h2lab')
  })

  test('is in LOCALAPPDATA on Windows', () => {
    const windows = { platform: 'win32', home: 'C:\\Users\\ada' } as const
    const local = 'D:\\Local'
    expect(defaultCacheFolder({ ...windows, environment: { LOCALAPPDATA: local } })).toBe(
      'D:\\Local\\h2lab',
    )
    expect(defaultCacheFolder({ ...windows, environment: {} })).toBe(
      'C:\\Users\\ada\\AppData\\Local\\h2lab',
    )
  })
})
