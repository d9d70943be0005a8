import type { Handler } from '../application/handler'
import type { Connection } from '../connection'
import { Http2Connection } from '../http2/http2-connection'
import { type Http2Init, toHttp2Options } from '../http2/options'
import { type ConnectionLimits, LIMIT_NAMES, type LimitName } from '../limits'
import { MINI_LIMITS, MiniConnection } from '../mini/mini-connection'
import { isPrebuiltResponse, type PrebuiltResponse } from '../prebuilt/prebuild-response'

/** The protocols of this package, by the names that implementations carry. */
export type ProtocolName = 'mini' | 'http2'

export const PROTOCOL_NAMES: readonly ProtocolName[] = ['mini', 'http2']

/** Which limits a protocol honours: `mini` few, and all others all, unless their dispatch method says which. */
export function limitsOf(protocol: string | undefined): readonly LimitName[] {
  return protocol === 'mini' ? MINI_LIMITS : (Object.keys(LIMIT_NAMES) as LimitName[])
}

/** Makes the protocol side of a new connection; see {@link connectionFactory}. */
export interface ConnectionFactory {
  (now: number): Connection
  /** Whether connections call code of the application; a prebuilt response is none. */
  readonly callsHandlers: boolean
}

/** What else the connections of a server are made with; only `http2` looks at it. */
export type ConnectionOptions = Omit<Http2Init, 'app' | 'limits'>

/**
 * Prepares what all connections of one server share.
 *
 * @param app `mini` takes only a prebuilt response, since it never looks at what is asked for
 * @returns a function from the time in milliseconds to the protocol side of a new connection
 * @throws TypeError if the protocol can't carry the application
 */
export function connectionFactory(
  protocol: ProtocolName,
  app: PrebuiltResponse | Handler,
  limits: ConnectionLimits = {},
  options: ConnectionOptions = {},
): ConnectionFactory {
  switch (protocol) {
    case 'mini': {
      if (!isPrebuiltResponse(app))
        throw new TypeError('mini answers with a prebuilt response only.')
      return makeFactory((now) => new MiniConnection(app, limits, now), false)
    }
    case 'http2': {
      const shared = toHttp2Options({ app, limits, ...options })
      return makeFactory((now) => new Http2Connection(shared, now), !isPrebuiltResponse(app))
    }
  }
}

function makeFactory(make: (now: number) => Connection, callsHandlers: boolean): ConnectionFactory {
  return Object.assign(make, { callsHandlers })
}
