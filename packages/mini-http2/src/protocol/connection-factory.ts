import type { Handler } from '../application/handler'
import type { Connection } from '../connection'
import { Http2Connection } from '../http2/http2-connection'
import { type Http2Init, toHttp2Options } from '../http2/options'
import { type ConnectionLimits, LIMIT_NAMES, type LimitName } from '../limits'
import { MINI_LIMITS, MiniConnection } from '../mini/mini-connection'
import { isPrebuiltResponse, type PrebuiltResponse } from '../prebuilt/prebuild-response'

/** The protocols of this package, by the names used in implementation names. */
export type ProtocolName = 'mini' | 'http2'

export const PROTOCOL_NAMES: readonly ProtocolName[] = ['mini', 'http2']

/**
 * Returns the limits that a protocol honours: a few for `mini`; all for others, unless their
 * dispatch method lists them.
 */
export function limitsOf(protocol: string | undefined): readonly LimitName[] {
  return protocol === 'mini' ? MINI_LIMITS : (Object.keys(LIMIT_NAMES) as LimitName[])
}

/** Creates the protocol side of a new connection; see {@link connectionFactory}. */
export interface ConnectionFactory {
  (now: number): Connection
  /** Whether connections call application code. False for a prebuilt response. */
  readonly callsHandlers: boolean
}

/** Other options of a server's connections. Only `http2` uses them. */
export type ConnectionOptions = Omit<Http2Init, 'app' | 'limits'>

/**
 * Prepares the data that all connections of a server share.
 *
 * @param app `mini` only accepts a prebuilt response, because it never looks at requests
 * @returns a function that takes the time in milliseconds and returns the protocol side of a new
 *   connection
 * @throws TypeError if the protocol doesn't support the application
 */
export function connectionFactory(
  protocol: ProtocolName,
  app: PrebuiltResponse | Handler,
  limits: ConnectionLimits = {},
  options: ConnectionOptions = {},
): ConnectionFactory {
  switch (protocol) {
    case 'mini': {
      if (!isPrebuiltResponse(app)) throw new TypeError('mini only supports a prebuilt response.')
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
