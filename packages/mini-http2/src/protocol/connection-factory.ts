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
 * Returns the limits that a protocol honours: all for `http2`, a few for `mini`; for others all that a protocol of
 * their own can honour, unless their dispatch method lists them.
 */
export function limitsOf(protocol: string | undefined): readonly LimitName[] {
  if (protocol === 'mini') return MINI_LIMITS
  const all = Object.keys(LIMIT_NAMES) as LimitName[]
  return protocol === 'http2' ? all : all.filter((name) => !OWN_LIMITS.includes(name))
}

/** Only `http2` keeps account of what its clients make it hold, and of their pace. */
const OWN_LIMITS: readonly LimitName[] = [
  'maxConnectionMemory',
  'maxMemory',
  'stalledRequestTimeout',
  'minDataRate',
]

/** Creates the protocol side of a new connection; see {@link connectionFactory}. */
export interface ConnectionFactory {
  (now: number): Connection
  /** Whether connections call application code. False for a prebuilt response. */
  readonly callsHandlers: boolean
  /**
   * Whether there is memory for one more connection. Near `maxMemory` that ends the connections that hold most, as long as
   * there are such that hold more than their share.
   */
  admits(): boolean
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
      return Object.assign((now: number) => new MiniConnection(app, limits, now), {
        callsHandlers: false,
        admits: () => true,
      })
    }
    case 'http2': {
      const shared = toHttp2Options({ app, limits, ...options })
      return Object.assign((now: number) => new Http2Connection(shared, now), {
        callsHandlers: !isPrebuiltResponse(app),
        admits: () => shared.memory.admits(),
      })
    }
  }
}
