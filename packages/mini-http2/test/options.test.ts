import { expect, test } from 'vitest'
import {
  describeMisspeltOptions,
  type MisspeltCall,
} from '../../../test-support/suites/misspelt-options-suite'
import { prebuildResponse } from '../src'
import { prepareRequest } from '../src/client'
import { toHandler } from '../src/fetch'
import { makeSettingsFrame } from '../src/frames'
import { Decoder, Encoder } from '../src/hpack'
import { IncomingBody } from '../src/http2/request/incoming-body'
import { connectionFactory, MiniConnection, toHttp2Options } from '../src/protocol'

const app = prebuildResponse({})
const fetch = () => new Response()
const body = () => new IncomingBody('complete', { onRead() {}, onConsumed() {} })

const MISSPELT: readonly MisspeltCall[] = [
  ['prebuildResponse', () => prebuildResponse({ header: {} } as never), 'header', 'headers'],
  ['toHandler', () => toHandler(fetch, { bodyLimt: 5 } as never), 'bodyLimt', 'bodyLimit'],
  ['body.octets', () => body().octets({ limt: 5 } as never), 'limt', 'limit'],
  ['body.text', () => body().text({ limits: 5 } as never), 'limits', 'limit'],
  ['body.json', () => body().json({ Limit: 5 } as never), 'Limit', 'limit'],
  ['toHttp2Options', () => toHttp2Options({ app, promise: 1 } as never), 'promise', 'promises'],
  [
    'toHttp2Options',
    () => toHttp2Options({ app, limits: { idleTimout: 5 } } as never),
    'limits.idleTimout',
    'limits.idleTimeout',
  ],
  [
    'connectionFactory',
    () => connectionFactory('http2', app, {}, { extendConnect: true } as never),
    'extendConnect',
    'extendedConnect',
  ],
  [
    'MiniConnection',
    () => new MiniConnection(app, { prefaceTimout: 5 } as never),
    'prefaceTimout',
    'prefaceTimeout',
  ],
  [
    'makeSettingsFrame',
    () => makeSettingsFrame({ MAX_FRAMESIZE: 5 } as never),
    'MAX_FRAMESIZE',
    'MAX_FRAME_SIZE',
  ],
  ['prepareRequest', () => prepareRequest({ authorty: 'a' } as never), 'authorty', 'authority'],
  ['Encoder', () => new Encoder({ tableSize: 5 } as never), 'tableSize', 'maxTableSize'],
  ['Decoder', () => new Decoder({ maxField: 5 } as never), 'maxField', 'maxFields'],
]

describeMisspeltOptions(MISSPELT, { name: 'MisuseError', code: 'INVALID_OPTION' })

test('an option that is undefined counts as left out', async () => {
  prebuildResponse({ status: undefined, headers: undefined, body: undefined })
  toHandler(fetch, { bodyLimit: undefined })
  expect(await body().text({ limit: undefined })).toBe('')
  toHttp2Options({ app, limits: undefined, promises: undefined })
})
