import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { isPrebuiltResponse, prebuildResponse } from '../../../src'
import { type ServerSetup, type TransferableApplication, toServerSetup } from '../../../src/server'
import { packSetup, unpackSetup } from '../../../src/server/thread'

const method = {
  name: 'thread',
  protocols: ['http2'] as const,
  handlers: 'modules' as const,
  start: () => Promise.reject(new Error('not here')),
}
const listeners = { onConnectionError: () => {}, onHandlerError: () => {} }

/** The setup as a thread receives it in a message. */
async function transferred(
  app: TransferableApplication,
): Promise<[ServerSetup<'http2'>, ServerSetup<'http2'>]> {
  const setup = await toServerSetup(method, { protocol: 'http2', app, maxClients: 7 })
  return [setup, unpackSetup(structuredClone(packSetup(setup)), undefined, listeners)]
}

test('a setup follows into a thread, with the listeners there', async () => {
  const app = prebuildResponse({ body: 'Hello World\n' })
  const [setup, arrived] = await transferred(app)
  expect(arrived).toEqual({ ...setup, ...listeners })
  expect(isPrebuiltResponse(arrived.app)).toBe(true)
})

test.each([
  [{ module: new URL('file:///app.mjs') }, { module: new URL('file:///app.mjs') }],
  [
    { module: './app.mjs', export: 'app' },
    { module: pathToFileURL('./app.mjs'), export: 'app' },
  ],
])('the URL of an app module follows: %o', async (app, expected) => {
  const [, arrived] = await transferred(app)
  expect(arrived.app).toEqual(expected)
})

test('the credentials are those that the thread was given', async () => {
  const tls = { cert: 'read', key: 'read' }
  const setup = await toServerSetup(method, {
    protocol: 'http2',
    app: prebuildResponse({}),
    tls: { certFile: 'cert.pem', keyFile: 'key.pem' },
  })
  const packed = packSetup(setup)
  expect(JSON.stringify(packed)).not.toContain('cert.pem')
  expect(unpackSetup(packed, tls, listeners).tls).toEqual(tls)
})

test('a function cannot follow', async () => {
  const setup = await toServerSetup(method, { protocol: 'http2', app: { module: 'app.mjs' } })
  expect(() => packSetup({ ...setup, app: () => {} })).toThrow(TypeError)
})
