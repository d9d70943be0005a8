import { expect, onTestFinished, test } from 'vitest'
import { prebuildResponse } from '../../src'
import { createServer, type ServerOptions, withServer } from '../../src/server'
import { oneResponse } from '../support/one-response'

const app = prebuildResponse({ body: 'Hello World\n' })
const tls = { cert: 'a certificate', key: 'a key' }

test.each([
  [{ maxClient: 5 }, 'maxClient', 'maxClients'],
  [{ onHandlerErorr() {} }, 'onHandlerErorr', 'onHandlerError'],
  [{ onlistening: undefined }, 'onlistening', 'onListening'],
  [{ limits: { idleTimeOut: 5 } }, 'limits.idleTimeOut', 'limits.idleTimeout'],
  [{ tls: { ...tls, minVerson: 'TLSv1.3' } }, 'tls.minVerson', 'tls.minVersion'],
  [{ tls: Promise.resolve({ ...tls, cipher: [] }) }, 'tls.cipher', 'tls.ciphers'],
  [
    { tls: { ...tls, clientCertificates: { mode: 'require', cas: '' } } },
    'tls.clientCertificates.cas',
    'tls.clientCertificates.ca',
  ],
  [{ app: { module: './app.mjs', exports: 'app' } }, 'app.exports', 'app.export'],
])(
  '%o is refused with the nearest option, before anything is started',
  async (options, unknown, meant) => {
    const method = oneResponse()
    const expected = {
      name: 'ServerSetupError',
      code: 'INVALID_OPTION',
      message: `There is no option ${unknown}. Did you mean ${meant}?`,
    }
    const all = { app, ...options } as ServerOptions<string>
    await expect(createServer(method, all)).rejects.toMatchObject(expected)
    await expect(withServer(method, all, () => {})).rejects.toMatchObject(expected)
    expect(method.calls).toEqual([])
  },
)

test('where none is near, all that exist are named', async () => {
  const options = { app, tls: { ...tls, foo: 1 } } as ServerOptions<string>
  await expect(createServer(oneResponse(), options)).rejects.toThrow(
    'There is no option tls.foo. The options of tls are cert, key, certFile, keyFile, passphrase, loopbackOnly, ciphers, minVersion, maxVersion, clientCertificates.',
  )
})

test('without options at all the application is what is missing', async () => {
  await expect(createServer(oneResponse(), undefined as never)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringContaining('app') as string,
  })
})

test('an option that exists may be undefined', async () => {
  const names = ['protocol', 'host', 'port', 'tls', 'limits', 'maxClients', 'noDelay']
  const others = ['extendedConnect', 'onListening', 'onConnectionError', 'onHandlerError', 'signal']
  const options = Object.fromEntries([...names, ...others].map((name) => [name, undefined]))
  const server = await createServer(oneResponse(), { app, ...options })
  await server.close({ graceMs: undefined })
})

test.each([
  [{ grace: 5 }, 'There is no option grace. Did you mean graceMs?'],
  [500, 'The options must be an object, not 500. They may have graceMs.'],
])('close(%o) is refused, and the server goes on', async (options, message) => {
  const method = oneResponse()
  const server = await createServer(method, { app })
  onTestFinished(() => server.close({ graceMs: 0 }))
  await expect(async () => server.close(options as never)).rejects.toMatchObject({
    name: 'ServerSetupError',
    code: 'INVALID_OPTION',
    message,
  })
  expect(method.calls).toEqual(['start'])
})
