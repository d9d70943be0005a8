import { createPrivateKey } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createServer } from '@h2lab/mini-http2/server'
import { devTls } from '@h2lab/tls-context'
import { expect, onTestFinished, test } from 'vitest'
import { requestWithNodeHttp1 } from '../../../test-support/clients/node-http1-client'
import { HELLO_WORLD } from '../../../test-support/server-starter'
import { temporaryFolder } from '../../../test-support/temporary-folder'
import { uws } from '../src'
import { describeWithUws } from './support/describe-with-uws'
import { UWS_STARTERS } from './support/starters'

const [plain, secure] = UWS_STARTERS as [(typeof UWS_STARTERS)[0], (typeof UWS_STARTERS)[0]]

describeWithUws('the start of uws', () => {
  test('takes an encrypted key with its passphrase', async () => {
    const { cert, key } = await devTls()
    const passphrase = 'octets'
    const encrypted = createPrivateKey(key).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase,
    })
    const tls = { cert, key: String(encrypted), passphrase }
    const { url } = await secure.start({ tls })
    expect(await requestWithNodeHttp1(url)).toMatchObject([{ status: 200 }])
  })

  test('leaves no file of the key, whether it succeeds or not', async () => {
    const folder = await temporaryFolder()
    const credentials = await devTls()
    const { TMPDIR } = process.env
    onTestFinished(() => {
      if (TMPDIR === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = TMPDIR
    })
    process.env['TMPDIR'] = folder
    const { port } = await secure.start({ tls: credentials })
    await expect(secure.start({ tls: credentials, port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
    })
    expect(await readdir(folder)).toEqual([])
  })

  test('is not disturbed by another socket of the process that has its port', async () => {
    const other = createSocket('udp4')
    onTestFinished(() => void other.close())
    other.bind(0, '127.0.0.1')
    await once(other, 'listening')
    const { url } = await plain.start({ port: other.address().port })
    expect(await requestWithNodeHttp1(url)).toMatchObject([{ status: 200 }])
  })

  test('loads an app module', async () => {
    const module = join(await temporaryFolder(), 'app.mjs')
    await writeFile(
      module,
      'export const app = ({ path }, response) => response.send(200, {}, path)',
    )
    const { url } = await plain.start({ app: { module, export: 'app' } })
    const [response] = await requestWithNodeHttp1(url, [{ ':path': '/where?q=octets' }])
    expect(response!.body.toString()).toBe('/where?q=octets')
  })

  test.each([
    ['maxClients', { maxClients: 100 }],
    ['TCP_NODELAY', { noDelay: false }],
    ['extended CONNECT', { extendedConnect: true }],
  ])('refuses what the library can not do: %s', async (named, options) => {
    await expect(createServer(uws, { app: HELLO_WORLD, ...options })).rejects.toMatchObject({
      code: 'UNSUPPORTED_SERVER_SETUP',
      message: expect.stringContaining(named) as string,
    })
  })
})
