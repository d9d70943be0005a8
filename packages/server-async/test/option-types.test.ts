import type { Handler, PrebuiltResponse } from '@h2lab/mini-http2'
import type { ProtocolName } from '@h2lab/mini-http2/protocol'
import {
  createServer,
  type DispatchMethod,
  type ServerOptions,
  type ServerTlsOptions,
  withServer,
} from '@h2lab/mini-http2/server'
import { devTls } from '@h2lab/tls-context'
import { expectTypeOf, test } from 'vitest'
import { HELLO_WORLD as prebuilt } from '../../../test-support/server-starter'
import { asyncCustom, asyncSockets, makeAsyncCustom, nodeHttp2 } from '../src'

const module = { module: new URL('file:///app.mjs') }
const handler: Handler = (_, response) => response.send(200)

/*
 * `tsc` compiles these and nothing runs them: what `createServer` would refuse, the compiler refuses.
 */

test('async takes any application with http2, which is the default, and no function with mini', () => {
  void (() => [
    createServer(asyncSockets, { app: prebuilt }),
    createServer(asyncSockets, { app: handler }),
    createServer(asyncSockets, { app: module, protocol: undefined }),
    createServer(asyncSockets, { app: handler, protocol: 'http2' }),
    createServer(asyncSockets, { app: prebuilt, protocol: 'mini' }),
    createServer(asyncSockets, { app: module, protocol: 'mini' }),
    createServer(asyncSockets, { app: prebuilt, protocol: 'mini' as ProtocolName }),
    createServer(asyncSockets, {
      app(request, response) {
        expectTypeOf(request.path).toBeString()
        response.send(200)
      },
    }),
    // @ts-expect-error there is no such protocol
    createServer(asyncSockets, { app: prebuilt, protocol: 'http1' }),
    // @ts-expect-error mini calls no handler
    createServer(asyncSockets, { app: handler, protocol: 'mini' }),
    // @ts-expect-error mini calls no handler
    withServer(asyncSockets, { app: handler, protocol: 'mini' }, () => {}),
    // @ts-expect-error something has to answer
    createServer(asyncSockets, { protocol: 'http2' }),
  ])
})

test('async-custom takes no function: it cannot follow into a thread', () => {
  void (() => [
    createServer(asyncCustom, { app: prebuilt }),
    createServer(asyncCustom, { app: module, protocol: 'http2' }),
    createServer(makeAsyncCustom({ threads: 2 }), { app: module, protocol: 'mini' }),
    // @ts-expect-error a function cannot follow into a thread
    createServer(asyncCustom, { app: handler }),
    // @ts-expect-error a function cannot follow into a thread
    createServer(makeAsyncCustom(), { app: handler, protocol: 'http2' }),
    // @ts-expect-error there is no such protocol
    createServer(asyncCustom, { app: module, protocol: 'http1' }),
  ])
})

test('node-http2 takes no protocol and no function', () => {
  void (() => [
    createServer(nodeHttp2, { app: prebuilt }),
    createServer(nodeHttp2, { app: prebuilt, protocol: undefined }),
    // @ts-expect-error it brings its own protocol
    createServer(nodeHttp2, { app: prebuilt, protocol: 'http2' }),
    // @ts-expect-error it calls no handler
    createServer(nodeHttp2, { app: handler }),
  ])
})

test('options that do not exist are refused, and so are TLS options that cannot be', () => {
  void (async () => {
    const credentials = await devTls()
    await createServer(asyncSockets, {
      app: prebuilt,
      tls: {
        ...credentials,
        minVersion: 'TLSv1.3',
        clientCertificates: { mode: 'require', ca: credentials.cert },
      },
    })
    // @ts-expect-error it is maxClients
    await createServer(asyncSockets, { app: prebuilt, maxClient: 5 })
    // @ts-expect-error it is idleTimeout
    await createServer(asyncSockets, { app: prebuilt, limits: { idle: 5 } })
    const old = { ...credentials, minVersion: 'TLSv1.1' } as const
    // @ts-expect-error HTTP/2 takes no TLS 1.1
    await createServer(asyncSockets, { app: prebuilt, tls: old })
    const server = await createServer(asyncSockets, { app: prebuilt })
    // @ts-expect-error it is graceMs
    await server.close({ grace: 5 })
  })
})

test('a program that does not know the method asks at run time', () => {
  void ((method: DispatchMethod<string>, protocol: string | undefined) => [
    createServer(method, { app: handler, protocol }),
    createServer(method, { app: prebuilt, protocol: 'http1' }),
  ])
  expectTypeOf(asyncSockets).toExtend<DispatchMethod>()
  expectTypeOf(asyncSockets).toExtend<DispatchMethod<string>>()
  expectTypeOf(nodeHttp2).toExtend<DispatchMethod>()
  expectTypeOf<ServerOptions<'mini', 'functions'>['app']>().not.toExtend<Handler>()
  expectTypeOf<PrebuiltResponse>().toExtend<ServerOptions<'mini', 'functions'>['app']>()
  expectTypeOf<Awaited<ReturnType<typeof devTls>>>().toExtend<ServerTlsOptions>()
})
