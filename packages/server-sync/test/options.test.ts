import { prebuildResponse } from '@h2lab/mini-http2'
import { expect, test } from 'vitest'
import {
  describeMisspeltOptions,
  type MisspeltCall,
} from '../../../test-support/suites/misspelt-options-suite'
import { doConnection, none, serveBlocking, thread, toNghttp2Options } from '../src'

const app = prebuildResponse({})

const MISSPELT: readonly MisspeltCall[] = [
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

describeMisspeltOptions(MISSPELT, { name: 'ServerSetupError', code: 'INVALID_OPTION' })

test('serveBlocking refuses a signal, which it could not hear of', async () => {
  const options = { app, signal: new AbortController().signal }
  await expect(serveBlocking(none, options as never)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringContaining('signal') as string,
  })
})
