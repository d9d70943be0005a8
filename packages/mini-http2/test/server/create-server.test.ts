import { getEventListeners, once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { prebuildResponse } from '../../src'
import { createServer, type DispatchMethod, type ServerOptions } from '../../src/server'
import { oneResponse, type RecordingMethod } from '../support/one-response'

const app = prebuildResponse({ body: 'Hello World\n' })
const CREDENTIALS = { cert: 'a certificate', key: 'a key' }

/** A server that is closed when the test has finished. */
async function started(method: RecordingMethod, options: Partial<ServerOptions<string>> = {}) {
  const server = await createServer(method, { app, ...options })
  onTestFinished(() => server.close({ graceMs: 0 }))
  return server
}

/** A client that has received its response, and stays connected. */
async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  await once(socket, 'data')
  return socket
}

describe('a server that was created', () => {
  test('tells its address, its URL and its implementation', async () => {
    const server = await started(oneResponse())
    expect(server).toMatchObject({
      host: '127.0.0.1',
      tls: false,
      implementation: 'one-response',
      url: `http://127.0.0.1:${server.port}/`,
    })
    await connected(server.port)
  })

  test('has the defaults that the options document', async () => {
    const method = oneResponse()
    await started(method)
    expect(method.setups).toMatchObject([
      {
        implementation: 'one-response',
        app,
        host: '127.0.0.1',
        port: 0,
        tls: undefined,
        protocol: undefined,
        limits: {},
        extendedConnect: false,
        maxClients: 10_000,
        noDelay: true,
      },
    ])
  })

  test('has the options that were given', async () => {
    const method = oneResponse({ protocols: ['mini', 'http2'] })
    const options = {
      protocol: 'http2',
      host: 'localhost',
      tls: CREDENTIALS,
      limits: { idleTimeout: 5 },
      extendedConnect: true,
      maxClients: 3,
      noDelay: false,
      onConnectionError: () => {},
      onHandlerError: () => {},
    } as const
    const server = await started(method, options)
    expect(method.setups).toMatchObject([options])
    expect(server.implementation).toBe('one-response/http2')
    expect(server.url).toBe(`https://localhost:${server.port}/`)
  })

  test('takes a promise of its certificate', async () => {
    const method = oneResponse()
    await started(method, { tls: Promise.resolve(CREDENTIALS) })
    expect(method.setups).toMatchObject([{ tls: CREDENTIALS }])
  })

  test('has told onListening its URL', async () => {
    const urls: string[] = []
    const server = await started(oneResponse(), { onListening: (url) => urls.push(url) })
    expect(urls).toEqual([server.url])
  })
})

describe('an impossible option is refused by its name, before anything is started:', () => {
  const cases: readonly (readonly [title: string, options: object, message: RegExp])[] = [
    ['a missing app', { app: undefined }, /option app can't be undefined: it must be the result/],
    ['an empty host', { host: '' }, /option host can't be "": it must be a name or address/],
    ['a port of text', { port: '80' }, /option port can't be "80": it must be an integer from 0/],
    ['a port beyond 65535', { port: 65_536 }, /option port can't be 65536/],
    ['a negative port', { port: -1 }, /option port can't be -1/],
    ['no clients', { maxClients: 0 }, /option maxClients can't be 0: it must be a positive/],
    ['half a client', { maxClients: 1.5 }, /option maxClients can't be 1\.5/],
    ['noDelay of text', { noDelay: 'yes' }, /option noDelay can't be "yes": it must be true or/],
    [
      'tls without a key',
      { tls: { cert: 'c' } },
      /option tls\.key can't be undefined: .*tls\.cert/,
    ],
    ['tls without a file', { tls: { keyFile: 'k' } }, /option tls\.certFile can't be undefined/],
    [
      'tls of something else',
      { tls: true },
      /option tls can't be true: it must be \{ cert, key \}/,
    ],
    [
      'an unknown limit',
      { limits: { idle: 5 } },
      /^There is no option limits\.idle\. Did you mean limits\.idleTimeout\?$/,
    ],
    [
      'a limit of text',
      { limits: { idleTimeout: '5' } },
      /option limits\.idleTimeout can't be "5"/,
    ],
    ['an extendedConnect of text', { extendedConnect: 'yes' }, /extendedConnect can't be "yes"/],
    ['limits that are a number', { limits: 5 }, /option limits can't be 5: it must be an object/],
    ['a listener that is text', { onListening: 'url' }, /onListening can't be "url": .* function/],
    ['a signal that is none', { signal: {} }, /option signal can't be this object: .*AbortSignal/],
    ['a negative limit', { limits: { resetBurst: -1 } }, /option limits\.resetBurst can't be -1/],
    [
      'a limit that is no number',
      { limits: { resetBurst: Number.NaN } },
      /resetBurst can't be NaN/,
    ],
  ]

  test.each(cases)('%s', async (_, options, message) => {
    const method = oneResponse()
    const created = createServer(method, { app, ...options } as ServerOptions)
    await expect(created).rejects.toMatchObject({
      name: 'ServerSetupError',
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message) as string,
    })
    expect(method.calls).toEqual([])
  })

  test('a key is never part of the message', async () => {
    const tls = { key: 'a secret' } as unknown as ServerOptions['tls']
    const created = createServer(oneResponse(), { app, tls })
    await expect(created).rejects.toThrow(/^(?!.*secret)/)
  })

  test('what the promise of the certificate rejects with is passed on', async () => {
    const tls = Promise.reject(new Error('no home'))
    await expect(createServer(oneResponse(), { app, tls, port: -1 })).rejects.toThrow('no home')
  })
})

describe('a combination that cannot work is refused with what would work:', () => {
  const methods = {
    own: oneResponse(),
    mini: oneResponse({ protocols: ['mini'] }),
    threaded: oneResponse({ protocols: ['mini', 'http2'], handlers: 'modules' }),
    calling: oneResponse({ protocols: ['mini', 'http2'], handlers: 'functions' }),
  }
  const handler = () => {}
  const refused: readonly (readonly [
    title: string,
    method: RecordingMethod,
    options: Partial<ServerOptions<string>>,
    error: { readonly combination: string; readonly reason: string; readonly alternative: string },
  ])[] = [
    [
      'a protocol for a method that has its own',
      methods.own,
      { protocol: 'mini', tls: CREDENTIALS },
      {
        combination: 'one-response/mini with TLS',
        reason: 'one-response has its own protocol',
        alternative: 'no protocol',
      },
    ],
    [
      'no protocol for a method that needs one',
      methods.mini,
      {},
      {
        combination: 'one-response without TLS',
        reason: 'one-response needs a protocol',
        alternative: 'the protocol mini',
      },
    ],
    [
      'a protocol that the method does not carry',
      methods.mini,
      { protocol: 'http2' },
      {
        combination: 'one-response/http2 without TLS',
        reason: 'one-response does not support the protocol http2',
        alternative: 'the protocol mini',
      },
    ],
    [
      'a function for a loop in a thread of its own',
      methods.threaded,
      { protocol: 'http2', app: handler },
      {
        combination: 'one-response/http2 without TLS',
        reason: 'its loop runs in a thread of its own, and a function cannot be passed to it',
        alternative:
          'an app module such as { module: new URL(...) }; or the result of prebuildResponse()',
      },
    ],
    [
      'a function behind mini',
      methods.calling,
      { protocol: 'mini', app: handler },
      {
        combination: 'A handler with one-response/mini without TLS',
        reason: 'one-response/mini sends the same response to every request',
        alternative: 'the result of prebuildResponse(); or the protocol http2',
      },
    ],
  ]

  test.each(refused)('%s', async (_, method, options, error) => {
    const created = createServer(method, { app, ...options })
    await expect(created).rejects.toMatchObject({
      name: 'UnsupportedServerSetupError',
      code: 'UNSUPPORTED_SERVER_SETUP',
      ...error,
      message: `${error.combination} is not supported: ${error.reason}. Supported: ${error.alternative}.`,
    })
    expect(method.calls).toEqual([])
  })
})

describe('when the start is broken off, nothing is left of the server:', () => {
  test('a port in use is named', async () => {
    const { port } = await started(oneResponse())
    await expect(createServer(oneResponse(), { app, port })).rejects.toMatchObject({
      name: 'ServerSetupError',
      code: 'PORT_IN_USE',
      message: `Can't listen on 127.0.0.1:${port}: the port is in use (EADDRINUSE). Choose another, or 0 for any free one.`,
    })
  })

  test('a signal that was aborted before is never started for', async () => {
    const method = oneResponse()
    const signal = AbortSignal.abort(new Error('changed my mind'))
    await expect(createServer(method, { app, signal })).rejects.toThrow('changed my mind')
    expect(method.calls).toEqual([])
  })

  test('a signal that is aborted meanwhile kills it', async () => {
    const method = oneResponse()
    const controller = new AbortController()
    const abortedMeanwhile: DispatchMethod<string> = {
      ...method,
      async start(setup) {
        const begun = await method.start(setup)
        controller.abort(new Error('changed my mind'))
        return begun
      },
    }
    const created = createServer(abortedMeanwhile, { app, signal: controller.signal })
    await expect(created).rejects.toThrow('changed my mind')
    expect(method.calls).toEqual(['start', 'kill'])
  })

  test('what onListening throws is passed on, and kills it', async () => {
    const method = oneResponse()
    const onListening = () => {
      throw new Error('not this port')
    }
    await expect(createServer(method, { app, onListening })).rejects.toThrow('not this port')
    expect(method.calls).toEqual(['start', 'kill'])
  })
})

describe('close', () => {
  test('drains, and resolves when the last client has gone', async () => {
    const method = oneResponse()
    const server = await started(method)
    const client = await connected(server.port)
    const closed = server.close({ graceMs: 20_000 })
    client.end()
    await closed
    expect(method.calls).toEqual(['start', 'drain'])
  })

  test('kills once when the grace time is over', async () => {
    const method = oneResponse()
    const server = await started(method)
    await connected(server.port)
    await server.close({ graceMs: 20 })
    expect(method.calls).toEqual(['start', 'drain', 'kill'])
  })

  test('kills at once without grace time', async () => {
    const method = oneResponse()
    const server = await started(method)
    await connected(server.port)
    await server.close({ graceMs: 0 })
    expect(method.calls).toEqual(['start', 'kill'])
  })

  test('returns the same promise at each call, and a shorter grace time counts', async () => {
    const method = oneResponse()
    const server = await started(method)
    await connected(server.port)
    const first = server.close({ graceMs: 2 ** 31 - 1 })
    expect(server.close({ graceMs: 20 })).toBe(first)
    await first
    expect(server.close()).toBe(first)
    expect(method.calls).toEqual(['start', 'drain', 'kill'])
  })

  test.each([-1, Number.NaN, 2 ** 31])('refuses the grace time %s', async (graceMs) => {
    const method = oneResponse()
    const server = await started(method)
    await expect(async () => server.close({ graceMs })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: `The option graceMs can't be ${graceMs}: it must be 0 to 2147483647 milliseconds.`,
    })
    expect(method.calls).toEqual(['start'])
  })

  test('a signal kills, also in the grace time, and is let go of at the end', async () => {
    const method = oneResponse()
    const controller = new AbortController()
    const server = await started(method, { signal: controller.signal })
    await connected(server.port)
    const closed = server.close({ graceMs: 2 ** 31 - 1 })
    controller.abort()
    await closed
    expect(method.calls).toEqual(['start', 'drain', 'kill'])

    const unused = new AbortController()
    const other = await started(oneResponse(), { signal: unused.signal })
    await other.close()
    expect(getEventListeners(unused.signal, 'abort')).toHaveLength(0)
  })
})

describe('an app module', () => {
  /** The path of a module with this source text. */
  async function moduleOf(text: string): Promise<string> {
    const path = join(await temporaryFolder(), 'app.mjs')
    await writeFile(path, text)
    return path
  }

  /** The result of prebuildResponse() is plain data, so it works across builds and modules. */
  const text = `export default ${JSON.stringify({ kind: 'prebuilt-response', body: 'm' })}; export const named = 5`

  test('is loaded when the server starts', async () => {
    const method = oneResponse()
    const server = await started(method, { app: { module: await moduleOf(text) } })
    const client = connect(server.port, '127.0.0.1')
    const [octets] = (await once(client, 'data')) as [Buffer]
    expect(octets.toString()).toBe('m')
    client.destroy()
  })

  test.each([
    [
      'an export that is missing',
      'export const a = 1',
      'default',
      /"default" of .*app\.mjs is missing/,
    ],
    [
      'an export that is no application',
      text,
      'named',
      /"named" of .*app\.mjs is not an application/,
    ],
    [
      'a module that throws',
      'throw new Error("broken")',
      'default',
      /Can't load .*app\.mjs: broken/,
    ],
  ])('%s is refused by its name', async (_, source, name, message) => {
    const module = await moduleOf(source)
    const created = createServer(oneResponse(), { app: { module, export: name } })
    await expect(created).rejects.toMatchObject({
      code: 'INVALID_APP',
      message: expect.stringMatching(message) as string,
    })
  })

  test('a value that is no application at all is refused', async () => {
    const created = createServer(oneResponse(), { app: {} as unknown as typeof app })
    await expect(created).rejects.toMatchObject({
      code: 'INVALID_APP',
      message: expect.stringContaining('The option app is not an application') as string,
    })
  })

  test('a handler in a module is refused by a method that calls none', async () => {
    const module = await moduleOf('export default () => {}')
    await expect(createServer(oneResponse(), { app: { module } })).rejects.toMatchObject({
      code: 'UNSUPPORTED_SERVER_SETUP',
    })
  })
})
