import { expect, onTestFinished, test } from 'vitest'
import { DEFAULT_LIMITS, prebuildResponse } from '../../src'
import { createServer, type ServerOptions } from '../../src/server'
import { oneResponse, type RecordingMethod } from '../support/one-response'

const app = prebuildResponse({ body: 'Hello World\n' })
/** The limits of `mini` and those of sockets. */
const KNOWN = ['prefaceTimeout', 'idleTimeout', 'maxWaitingOutput', 'keepAlive', 'keepAliveTimeout']
const PROTOCOLS = ['mini', 'http2'] as const

async function refusal(method: RecordingMethod, options: Partial<ServerOptions<string>>) {
  const created = createServer(method, { app, ...options })
  const error = await created.then(
    (server) => server.close({ graceMs: 0 }),
    (reason: unknown) => reason,
  )
  expect(method.calls).not.toContain('start')
  return error
}

test.each(Object.keys(DEFAULT_LIMITS).filter((name) => !KNOWN.includes(name)))(
  'limits.%s is refused with mini, which does not know it',
  async (name) => {
    const method = oneResponse({ protocols: PROTOCOLS })
    expect(await refusal(method, { protocol: 'mini', limits: { [name]: 5 } })).toMatchObject({
      name: 'UnsupportedServerSetupError',
      message: `The option limits.${name} of one-response/mini without TLS is not supported: one-response/mini cannot honour it. Supported: limits of ${KNOWN.join(', ')} only.`,
    })
  },
)

test('extendedConnect is refused with mini, and false is no wish', async () => {
  const method = oneResponse({ protocols: PROTOCOLS })
  expect(await refusal(method, { protocol: 'mini', extendedConnect: true })).toMatchObject({
    name: 'UnsupportedServerSetupError',
    message: expect.stringContaining('extendedConnect') as string,
  })
  const server = await createServer(method, { app, protocol: 'mini', extendedConnect: false })
  await server.close({ graceMs: 0 })
})

test('a method with a protocol of its own says which limits it honours', async () => {
  const method = { ...oneResponse(), limits: ['idleTimeout'] as const }
  expect(await refusal(method, { limits: { resetBurst: 5 } })).toMatchObject({
    name: 'UnsupportedServerSetupError',
    alternative: 'limits of idleTimeout only',
  })
  const server = await createServer(method, {
    app,
    limits: { idleTimeout: 5 },
  })
  await server.close({ graceMs: 0 })
})

test('the protocol is http2 unless another one is named, where the method carries it', async () => {
  const method = oneResponse({ protocols: PROTOCOLS })
  const server = await createServer(method, { app })
  onTestFinished(() => server.close({ graceMs: 0 }))
  expect(server.implementation).toBe('one-response/http2')
  expect(method.setups).toMatchObject([{ protocol: 'http2' }])
})

test('a limit that is undefined counts as left out', async () => {
  const method = oneResponse({ protocols: PROTOCOLS })
  const limits = { idleTimeout: 5, resetBurst: undefined } as object
  const server = await createServer(method, { app, protocol: 'mini', limits })
  onTestFinished(() => server.close({ graceMs: 0 }))
  expect(method.setups[0]!.limits).toStrictEqual({ idleTimeout: 5 })
})
