import { type PrebuiltResponse, prebuildResponse } from '@h2lab/mini-http2'
import {
  type ConnectionFault,
  createServer,
  type DispatchMethod,
  implementationName,
  type Server,
  type ServerOptions,
} from '@h2lab/mini-http2/server'
import { devTls } from '@h2lab/tls-context'
import { onTestFinished } from 'vitest'
import type { HttpVersion } from './clients/by-http-version'

/** The default response of a server under test. */
export const HELLO_WORLD: PrebuiltResponse = prebuildResponse({
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: 'Hello World\n',
})

/** A server under test. */
export interface TestedServer extends Server {
  /** The connection faults that it reported. */
  readonly faults: readonly ConnectionFault[]
}

/** A combination of dispatch method, protocol and TLS, which starts servers for tests. */
export interface ServerStarter {
  /** Such as `async/mini with TLS`. */
  readonly name: string
  readonly method: DispatchMethod<string>
  readonly protocol: string | undefined
  readonly tls: boolean
  /** How many clients it serves at once. With `one`, others wait until it has gone. */
  readonly clients: 'one' | 'many'
  /** The HTTP version that it speaks. */
  readonly httpVersion: HttpVersion
  /** Starts a server, which is gone when the test has finished. */
  start(options?: Partial<ServerOptions<string>>): Promise<TestedServer>
}

/** The options of a {@link ServerStarter}, in addition to the dispatch method. */
export type Combination = Pick<ServerStarter, 'protocol' | 'tls'> &
  Partial<Pick<ServerStarter, 'clients' | 'httpVersion'>>

/** Returns a starter for a combination. Its servers respond with {@link HELLO_WORLD} by default. */
export function serverStarter(
  method: DispatchMethod<string>,
  { protocol, tls, clients = 'many', httpVersion = '2' }: Combination,
): ServerStarter {
  return {
    name: `${implementationName(method, protocol)} ${tls ? 'with TLS' : 'without TLS'}`,
    method,
    protocol,
    tls,
    clients,
    httpVersion,
    async start(options = {}) {
      const faults: ConnectionFault[] = []
      const server = await createServer(method, {
        app: HELLO_WORLD,
        protocol,
        tls: tls ? devTls() : undefined,
        onConnectionError: (fault) => faults.push(fault),
        ...options,
      })
      onTestFinished(() => server.close({ graceMs: 0 }))
      return { ...server, faults }
    },
  }
}

/** Returns the combinations of a dispatch method with several protocols, each without and with TLS. */
export function serverStarters(
  method: DispatchMethod<string>,
  protocols: readonly (string | undefined)[] = [undefined],
  clients: ServerStarter['clients'] = 'many',
): ServerStarter[] {
  return protocols.flatMap((protocol) =>
    [false, true].map((tls) => serverStarter(method, { protocol, tls, clients })),
  )
}
