import { prebuildResponse } from '@h2lab/mini-http2'
import { expect, test } from 'vitest'
import { doConnection, none, serveBlocking, thread, toNghttp2Options } from '../src'

const app = prebuildResponse({})

/** A call with an option that does not exist, as programs without types make it. */
const MISSPELT: readonly (readonly [
  name: string,
  call: () => unknown,
  unknown: string,
  meant: string,
])[] = [
  [
    'doConnection',
    () => doConnection({} as never, {} as never, { readTimout: 5 } as never),
    'readTimout',
    'readTimeout',
  ],
  ['serveBlocking', () => serveBlocking(none, { app, hosts: '::1' } as never), 'hosts', 'host'],
  [
    'serveBlocking',
    () => serveBlocking(thread, { app, onlistening() {} } as never),
    'onlistening',
    'onListening',
  ],
  [
    'toNghttp2Options',
    () => toNghttp2Options({ app, extendConnect: true } as never),
    'extendConnect',
    'extendedConnect',
  ],
  [
    'toNghttp2Options',
    () => toNghttp2Options({ app, limits: { idle: 5 } } as never),
    'limits.idle',
    'limits.idleTimeout',
  ],
]

test.each(MISSPELT)(
  '%s refuses an option that does not exist, %#',
  async (_, call, unknown, meant) => {
    await expect(async () => call()).rejects.toMatchObject({
      name: 'ServerSetupError',
      code: 'INVALID_OPTION',
      message: `There is no option ${unknown}. Did you mean ${meant}?`,
    })
  },
)

test('serveBlocking refuses a signal, which it could not hear of', async () => {
  const options = { app, signal: new AbortController().signal }
  await expect(serveBlocking(none, options as never)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringContaining('signal') as string,
  })
})
