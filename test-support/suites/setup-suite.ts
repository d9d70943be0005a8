import { DEFAULT_LIMITS } from '@h2lab/mini-http2'
import {
  createServer,
  type DispatchMethod,
  type ServerOptions,
  UnsupportedServerSetupError,
} from '@h2lab/mini-http2/server'
import { describe, expect, test } from 'vitest'
import { HELLO_WORLD } from '../server-starter'

type Options = ServerOptions<string>

const MODULE = {
  module: new URL('../apps/every-kind.mjs', import.meta.url),
  export: 'everyKind',
}

/** Every kind of application. */
const APPS: Readonly<Record<string, Options['app']>> = {
  'a prebuilt response': HELLO_WORLD,
  'a function': (_, response) => response.send(200),
  'a module with a handler': MODULE,
}

/** All protocols of this project, one that no method supports, and none at all. */
const PROTOCOLS = [undefined, 'mini', 'http2', 'nghttp2', 'http1']

/** Options that not every method supports. */
const WISHES: readonly Partial<Options>[] = [
  { extendedConnect: true },
  { maxClients: 7 },
  { noDelay: false },
  { limits: { prefaceTimeout: 5000 } },
  { limits: { maxHeaderFields: 100 } },
  { limits: { streamWindowSize: 100_000 } },
  { limits: { keepAlive: 5000 } },
  { limits: { halfClosedTimeout: 5000 } },
]

/** A server starts as requested, or is refused with advice that works. For every dispatch method. */
export function describeSetup(method: DispatchMethod<string>): void {
  describe(`${method.name} starts, or is refused with advice that works:`, () => {
    const combinations = PROTOCOLS.flatMap((protocol) =>
      Object.keys(APPS).map((app) => [protocol, app] as const),
    )
    test.each(combinations)('protocol %s with %s', async (protocol, app) => {
      await expectAdviceThatWorks({ app: APPS[app]!, protocol })
    })

    const own = method.protocols === 'own' ? [undefined] : method.protocols
    const wishes = own.flatMap((protocol) => WISHES.map((wish) => [protocol, wish] as const))
    test.each(wishes)('protocol %s with %o', async (protocol, wish) => {
      const options = { app: HELLO_WORLD, protocol }
      const [name] = Object.keys(wish.limits ?? wish)
      const refusal = await refusalOf({ ...options, ...wish })
      if (refusal === undefined) return
      expect(refusal.message).toContain(name)
      for (const advised of adviceOf(refusal)) await start({ ...options, ...wish, ...advised })
    })
  })

  describe(`${method.name} refuses an option that does not exist, and names the nearest one:`, () => {
    const [protocol] = method.protocols === 'own' ? [undefined] : method.protocols
    test.each([
      [{ maxClient: 5 }, 'maxClients'],
      [{ onHandlerErorr() {} }, 'onHandlerError'],
      [{ limits: { prefaceTimeOut: 5 } }, 'limits.prefaceTimeout'],
      [{ tls: { cert: 'c', key: 'k', minversion: 'TLSv1.3' } }, 'tls.minVersion'],
    ])('%o', async (unknown, meant) => {
      const options = { app: HELLO_WORLD, protocol, ...unknown } as Options
      await expect(createServer(method, options)).rejects.toMatchObject({
        name: 'ServerSetupError',
        code: 'INVALID_OPTION',
        message: expect.stringContaining(`Did you mean ${meant}?`) as string,
      })
    })
  })

  async function expectAdviceThatWorks(options: Options): Promise<void> {
    const refusal = await refusalOf(options)
    if (refusal === undefined) return
    const advice = adviceOf(refusal)
    expect(advice.length).toBeGreaterThan(0)
    for (const advised of advice) await start({ ...options, ...advised })
  }

  async function start(options: Options): Promise<void> {
    const server = await createServer(method, options)
    await server.close({ graceMs: 0 })
  }

  /** Undefined if the server starts. */
  async function refusalOf(options: Options): Promise<UnsupportedServerSetupError | undefined> {
    try {
      await start(options)
      return undefined
    } catch (error) {
      expect(error).toBeInstanceOf(UnsupportedServerSetupError)
      return error as UnsupportedServerSetupError
    }
  }
}

/** The setups that the message recommends, each by itself. */
function adviceOf({ alternative }: UnsupportedServerSetupError): readonly Partial<Options>[] {
  return alternative.split('; or ').flatMap((text) => {
    const protocol = /the protocol (\w+)/.exec(text)?.[1]
    const limits = /limits of (.*) only/.exec(text)?.[1]?.split(', ')
    const advised: Partial<Options>[] = [
      ...(protocol === undefined ? [] : [{ protocol }]),
      ...(text.includes('no protocol') ? [{ protocol: undefined }] : []),
      ...(text.includes('prebuildResponse()') ? [{ app: HELLO_WORLD }] : []),
      ...(text.includes('app module') ? [{ app: MODULE }] : []),
      ...(text.includes('no maxClients') ? [{ maxClients: undefined }] : []),
      ...(text.includes('extendedConnect: false') ? [{ extendedConnect: false }] : []),
      ...(text.includes('noDelay: true') ? [{ noDelay: true }] : []),
    ]
    if (limits !== undefined) {
      const all = DEFAULT_LIMITS as Readonly<Record<string, number>>
      return limits.map((name) => ({ limits: { [name]: all[name] } }) as Partial<Options>)
    }
    expect(advised, text).not.toEqual([])
    return [Object.assign({}, ...advised) as Partial<Options>]
  })
}
