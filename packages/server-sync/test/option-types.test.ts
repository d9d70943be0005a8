import type { Handler } from '@h2lab/mini-http2'
import { createServer } from '@h2lab/mini-http2/server'
import { test } from 'vitest'
import { HELLO_WORLD as prebuilt } from '../../../test-support/server-starter'
import { none, serveBlocking, thread } from '../src'

const module = { module: new URL('file:///app.mjs') }
const handler: Handler = (_, response) => response.send(200)

/*
 * `tsc` compiles these and nothing runs them: what `createServer` would refuse, the compiler refuses.
 */

test('none and thread take no function, and http2 is the default protocol', () => {
  void (() => [
    createServer(none, { app: prebuilt }),
    createServer(thread, { app: module }),
    createServer(none, { app: module, protocol: 'nghttp2' }),
    createServer(thread, { app: prebuilt, protocol: 'mini' }),
    // @ts-expect-error a function cannot follow into a thread
    createServer(none, { app: handler }),
    // @ts-expect-error a function cannot follow into a thread
    createServer(thread, { app: handler, protocol: 'nghttp2' }),
    // @ts-expect-error mini calls no handler
    createServer(none, { app: handler, protocol: 'mini' }),
    // @ts-expect-error there is no such protocol
    createServer(thread, { app: prebuilt, protocol: 'http1' }),
  ])
})

test('serveBlocking takes the same, without a signal', () => {
  void (() => [
    serveBlocking(none, { app: prebuilt, onListening: (_, handle) => handle.listener }),
    serveBlocking(thread, { app: module, protocol: 'nghttp2' }),
    // @ts-expect-error a function cannot follow into a thread
    serveBlocking(none, { app: handler }),
    // @ts-expect-error a thread that blocks can't hear of it
    serveBlocking(none, { app: prebuilt, signal: new AbortController().signal }),
    // @ts-expect-error there is no such protocol
    serveBlocking(none, { app: prebuilt, protocol: 'http1' }),
  ])
})
