import type { OptionNamesOf } from '@h2lab/octets'
import type { HandlerErrorListener } from '../application/handler'
import { reportHandlerError } from '../application/report-handler-error'
import { type ConnectionLimits, LIMIT_NAMES } from '../limits'
import { limitsOf, type ProtocolName } from '../protocol/connection-factory'
import { checkApplication } from './application'
import type { ApplicationOptions } from './application-options'
import type {
  ConnectionFault,
  DispatchMethod,
  HandlerSupport,
  ServerSetup,
} from './dispatch-method'
import { reportFailure } from './failures'
import { implementationName } from './implementation-name'
import { checkOptionNames, invalidOption } from './invalid-option'
import { checkLoopback } from './loopback-only'
import { checkHandler, chooseProtocol, handlerProtocols } from './supported-setup'
import { checkTls, type ServerTlsOptions, TLS_OPTIONS } from './tls-options'
import { unsupportedOption } from './unsupported-option'

/**
 * The options of {@link createServer}.
 *
 * @typeParam Protocol, Handlers those of the dispatch method. They determine what `app` and
 *   `protocol` may be
 */
export type ServerOptions<
  Protocol extends string = ProtocolName,
  Handlers extends HandlerSupport = HandlerSupport,
> = CommonServerOptions & ApplicationOptions<Protocol, Handlers>

/** The options of `createServer` for every dispatch method, except `app` and `protocol`. */
export interface CommonServerOptions {
  /** A name or address of this machine. Default 127.0.0.1, which other machines can't reach. */
  readonly host?: string | undefined
  /** 0 to 65535. Default 0: any free port, see the server's `url`. */
  readonly port?: number | undefined
  /**
   * The TLS certificate and settings, or a promise of them, such as the result of `devTls()` of
   * `@h2lab/tls-context`. Default: no TLS.
   */
  readonly tls?: ServerTlsOptions | Promise<ServerTlsOptions> | undefined
  /** The limits of each connection. `prefaceTimeout` also applies to the TLS handshake. */
  readonly limits?: ConnectionLimits | undefined
  /**
   * How many clients may be connected at once. Further connections are closed. Default 10,000,
   * which leaves some of the usual limit on descriptors free. Dispatch methods may have their own
   * default: a thread for each client costs more than a descriptor.
   */
  readonly maxClients?: number | undefined
  /**
   * TCP_NODELAY: small writes are sent immediately. Default true, because output is already
   * batched.
   */
  readonly noDelay?: boolean | undefined
  /**
   * Whether clients may use extended CONNECT (RFC 8441), for example for WebSocket. Default false.
   */
  readonly extendedConnect?: boolean | undefined
  /**
   * Whether responses get the field `date` unless the application sets it, RFC 9110 section 6.6.1.
   * Default true. The protocol `mini` never sends it, and uWebSockets.js always does.
   */
  readonly date?: boolean | undefined
  /** Called with the server's URL when it starts to listen. */
  readonly onListening?: ((url: string) => void) | undefined
  /**
   * Called for each connection that ended with a fault, and for failures of the server itself.
   * Default: prints the latter with `console.error` and ignores the former.
   */
  readonly onConnectionError?: ((fault: ConnectionFault) => void) | undefined
  /**
   * Called with the error that a handler throws or rejects with. Default: prints the request's
   * method and path and the error's stack with `console.error`.
   */
  readonly onHandlerError?: HandlerErrorListener | undefined
  /** Ends the server immediately when aborted. */
  readonly signal?: AbortSignal | undefined
}

const SERVER_OPTIONS: OptionNamesOf<ServerOptions<string>> = {
  app: true,
  protocol: true,
  host: true,
  port: true,
  tls: TLS_OPTIONS,
  limits: LIMIT_NAMES,
  maxClients: true,
  noDelay: true,
  extendedConnect: true,
  date: true,
  onListening: true,
  onConnectionError: true,
  onHandlerError: true,
  signal: true,
}

/**
 * Checks all options and fills in the defaults.
 *
 * @throws ServerSetupError `INVALID_OPTION` with the option and its allowed values
 * @throws UnsupportedServerSetupError if the dispatch method doesn't support the protocol or an
 *   option
 */
export async function toServerSetup<Protocol extends string, Handlers extends HandlerSupport>(
  method: DispatchMethod<Protocol, Handlers>,
  given: ServerOptions<NoInfer<Protocol>, NoInfer<Handlers>>,
): Promise<ServerSetup<Protocol>> {
  // The compiler can't check combinations while the method is unknown.
  const options = (given ?? {}) as unknown as ServerOptions<string>
  // Awaited first, so that a rejection is always handled.
  const givenTls = await options.tls
  checkOptionNames({ ...options, tls: givenTls }, SERVER_OPTIONS)
  const { app, host = '127.0.0.1', port = 0, noDelay = true } = options
  const { maxClients = method.defaultMaxClients ?? 10_000 } = options
  const { limits = {}, extendedConnect = false, date = true } = options
  const { onConnectionError = reportFailure, onHandlerError = reportHandlerError } = options
  if (app === undefined || app === null) {
    throw invalidOption('app', app, 'the result of prebuildResponse(), a handler, or an app module')
  }
  checkApplication(app)
  if (typeof host !== 'string' || host === '') {
    throw invalidOption('host', host, 'a name or address of this machine, such as 127.0.0.1')
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalidOption('port', port, 'an integer from 0 to 65535; 0 is any free port')
  }
  if (!Number.isInteger(maxClients) || maxClients < 1) {
    throw invalidOption('maxClients', maxClients, 'a positive integer')
  }
  if (typeof noDelay !== 'boolean') throw invalidOption('noDelay', noDelay, 'true or false')
  if (typeof date !== 'boolean') throw invalidOption('date', date, 'true or false')
  if (typeof extendedConnect !== 'boolean') {
    throw invalidOption('extendedConnect', extendedConnect, 'true or false')
  }
  checkListeners(options)
  checkTls(givenTls)
  const { loopbackOnly = false, ...tlsOptions } = givenTls ?? {}
  if (typeof loopbackOnly !== 'boolean') {
    throw invalidOption('tls.loopbackOnly', loopbackOnly, 'true or false')
  }
  const tls = givenTls && (tlsOptions as ServerTlsOptions)
  if (loopbackOnly) await checkLoopback(host)
  const named = options.protocol as Protocol | undefined
  const protocol = chooseProtocol(method, named, app, tls !== undefined)
  if (protocol === 'mini' && options.date === true) {
    throw invalidOption(
      'date',
      true,
      'omitted or false with the protocol mini, which never sends it',
    )
  }
  const setup: ServerSetup<Protocol> = {
    implementation: implementationName(method, protocol),
    app,
    handlerProtocols: handlerProtocols(method),
    host,
    port,
    tls,
    protocol,
    limits: checkLimits(limits),
    extendedConnect,
    date,
    maxClients,
    noDelay,
    onConnectionError,
    onHandlerError,
  }
  checkHandler(method, setup)
  checkHonoured(method, setup)
  return setup
}

function checkListeners(options: CommonServerOptions): void {
  for (const name of ['onListening', 'onConnectionError', 'onHandlerError'] as const) {
    const listener: unknown = options[name]
    if (listener !== undefined && typeof listener !== 'function') {
      throw invalidOption(name, listener, 'a function')
    }
  }
  const { signal } = options
  // Not `instanceof`: test environments such as jsdom have a class of their own.
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw invalidOption('signal', signal, 'an AbortSignal')
  }
}

/** Checks the limits, and removes undefined ones so that they don't replace a default. */
function checkLimits(limits: ConnectionLimits): ConnectionLimits {
  if (typeof limits !== 'object' || limits === null) {
    throw invalidOption('limits', limits, 'an object such as { idleTimeout: 60_000 }')
  }
  const given = Object.entries<unknown>({ ...limits }).filter(([, value]) => value !== undefined)
  for (const [name, value] of given) {
    if (typeof value !== 'number' || !(value >= 0)) {
      throw invalidOption(`limits.${name}`, value, 'a non-negative number')
    }
  }
  return Object.fromEntries(given)
}

/** Rejects options that exist but that this method would ignore. */
function checkHonoured<Protocol extends string>(
  method: DispatchMethod<Protocol>,
  setup: ServerSetup<Protocol>,
): void {
  const { protocol, limits, extendedConnect } = setup
  const honoured: readonly string[] = method.limits ?? limitsOf(protocol)
  for (const name of Object.keys(limits)) {
    if (honoured.includes(name)) continue
    throw unsupportedOption(setup, `limits.${name}`, `limits of ${honoured.join(', ')} only`)
  }
  if (extendedConnect && protocol === 'mini') {
    throw unsupportedOption(setup, 'extendedConnect', 'extendedConnect: false')
  }
}
