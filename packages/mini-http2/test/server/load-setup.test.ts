import { describe, expect, test } from 'vitest'
import { prebuildResponse, type ServerRequest } from '../../src'
import { RequestHeaders } from '../../src/application/request-headers'
import type { ServerSetup } from '../../src/server/dispatch-method'
import { loadConnectionFactory } from '../../src/server/load-setup'
import { packRequest, unpackRequest } from '../../src/server/thread/request-transfer'

/** The part of a dispatch method's setup that connections need. */
function setup(about: Partial<ServerSetup>): ServerSetup {
  return {
    ...{ implementation: 'test/http2', protocol: 'http2', app: () => {}, limits: {} },
    ...{ extendedConnect: false, date: true, onHandlerError: () => {}, handlerProtocols: [] },
    ...about,
  } as unknown as ServerSetup
}

describe('the connections of a server', () => {
  test('call the handler of an application', async () => {
    const factory = await loadConnectionFactory(setup({}))
    expect(factory.callsHandlers).toBe(true)
    expect(factory(0).state).toBe('open')
  })

  test('answer with a prebuilt response', async () => {
    const app = prebuildResponse({ body: 'abc' })
    for (const protocol of ['http2', 'mini'] as const) {
      const factory = await loadConnectionFactory(setup({ protocol, app }))
      expect(factory.callsHandlers).toBe(false)
      expect(factory(0).holdsInput).toBe(false)
    }
  })

  test('of the protocol mini call no handler', async () => {
    await expect(loadConnectionFactory(setup({ protocol: 'mini' }))).rejects.toMatchObject({
      name: 'UnsupportedServerSetupError',
    })
  })

  test('of a server with a protocol of its own are not ours to make', async () => {
    await expect(loadConnectionFactory(setup({ protocol: undefined }))).rejects.toThrow(
      'test/http2 has its own protocol.',
    )
  })
})

describe('a request that goes to another thread', () => {
  const request = (signal: AbortSignal) =>
    ({
      ...{ method: 'GET', scheme: 'https', authority: 'localhost', path: '/' },
      ...{ protocol: undefined, headers: new RequestHeaders([['a', 'b']]), signal },
    }) as unknown as ServerRequest

  test('has its line, its fields and its signal there, but no body', async () => {
    for (const signal of [new AbortController().signal, AbortSignal.abort()]) {
      const unpacked = unpackRequest(structuredClone(packRequest(request(signal))))
      expect(unpacked).toMatchObject({ method: 'GET', path: '/', trailers: undefined })
      expect(unpacked.headers.get('a')).toBe('b')
      expect(unpacked.signal.aborted).toBe(signal.aborted)
      const gone = { code: 'BODY_USED' }
      await expect(unpacked.body.octets()).rejects.toMatchObject(gone)
      await expect(unpacked.body.bytes()).rejects.toMatchObject(gone)
      await expect(unpacked.body[Symbol.asyncIterator]().next()).rejects.toMatchObject(gone)
    }
  })
})
