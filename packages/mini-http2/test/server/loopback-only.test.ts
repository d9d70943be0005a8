import { describe, expect, test } from 'vitest'
import { prebuildResponse } from '../../src'
import { createServer, type DispatchMethod, type StartedServer } from '../../src/server'

/** Accepts any setup, and serves nobody. */
const method: DispatchMethod = {
  name: 'none',
  protocols: ['http2'],
  handlers: 'none',
  start: async (setup): Promise<StartedServer> => {
    expect(setup.tls).not.toHaveProperty('loopbackOnly')
    return { port: 1, drain() {}, kill() {}, ended: Promise.resolve() }
  },
}

function start(host: string, loopbackOnly: boolean) {
  const tls = { cert: 'a certificate', key: 'its key', loopbackOnly }
  return createServer(method, { app: prebuildResponse({}), host, tls })
}

describe('credentials that are only for loopback', () => {
  test.each(['127.0.0.1', '127.8.0.1', 'localhost', '::1', '::ffff:127.0.0.1'])(
    'serve on %s',
    async (host) => {
      await expect(start(host, true)).resolves.toHaveProperty('host', host)
    },
  )

  test.each(['0.0.0.0', '::', '192.0.2.1', 'fe80::1%lo', '::ffff:192.0.2.1'])(
    'are refused on %s',
    async (host) => {
      await expect(start(host, true)).rejects.toMatchObject({
        code: 'LOOPBACK_ONLY',
        message: expect.stringContaining(host) as string,
      })
      await expect(start(host, false)).resolves.toHaveProperty('host', host)
    },
  )

  test('leave it to listening to say that a name has no address', async () => {
    await expect(start('nowhere.invalid', true)).resolves.toHaveProperty('host')
  })

  test('are marked with true or false', async () => {
    await expect(start('127.0.0.1', 'yes' as never)).rejects.toThrow('tls.loopbackOnly')
  })
})
