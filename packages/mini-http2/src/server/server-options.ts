import type { HandlerErrorListener } from '../application/handler'
import { reportHandlerError } from '../application/report-handler-error'
import { type ConnectionLimits, DEFAULT_LIMITS } from '../limits'
import type { ProtocolName } from '../protocol'
import { type Application, checkApplication } from './application'
import type {
  ConnectionFault,
  DispatchMethod,
  ServerSetup,
  TlsCredentials,
} from './dispatch-method'
import { ServerSetupError, UnsupportedServerSetupError } from './errors'
import { combinationName, implementationName } from './implementation-name'
import { unsupportedHandler } from './load-setup'

/** What {@link createServer} takes. */
export interface ServerOptions<Protocol extends string = ProtocolName> {
  /** What answers the requests. */
  readonly app: Application
  /** The protocol; needed unless the dispatch method has its own. */
  readonly protocol?: Protocol | undefined
  /** A name or address of this machine. Default 127.0.0.1: nobody else gets in unasked. */
  readonly host?: string | undefined
  /** 0 to 65535. Default 0: any free port, which the server's `url` tells. */
  readonly port?: number | undefined
  /**
   * Serves TLS with this certificate, or a promise of one, as `devTls()` of `@h2lab/tls-context`
   * returns. Default: plain TCP.
   */
  readonly tls?: TlsCredentials | Promise<TlsCredentials> | undefined
  /** What each connection allows its peer. `prefaceTimeout` bounds the TLS handshake, too. */
  readonly limits?: ConnectionLimits | undefined
  /**
   * How many clients may be connected at once; more are refused by closing their
   * connection. Default 10,000, below the usual limit on descriptors with some to spare, unless the
   * dispatch method has one of its own: a thread for each client costs more than a descriptor.
   */
  readonly maxClients?: number | undefined
  /** TCP_NODELAY: small writes are sent at once. Default true: one write is one batch here. */
  readonly noDelay?: boolean | undefined
  /** Whether clients may use extended CONNECT, RFC 8441, as for WebSocket. Default false. */
  readonly extendedConnect?: boolean | undefined
  /**
   * Whether responses get the field `date`, RFC 9110 section 6.6.1, unless the application sets it. Default true.
   * The protocol `mini` never sends it, and uWebSockets.js always does.
   */
  readonly date?: boolean | undefined
  /** Called with the server's URL once it listens. */
  readonly onListening?: ((url: string) => void) | undefined
  /** Told of each connection that ended by a fault. Default: nobody is told. */
  readonly onConnectionError?: ((fault: ConnectionFault) => void) | undefined
  /**
   * Called with what a handler throws or rejects with. Default: `console.error` with the request's method and path,
   * and the error's stack.
   */
  readonly onHandlerError?: HandlerErrorListener | undefined
  /** Ends the server at once when aborted. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Checks all options and fills the defaults in.
 *
 * @throws ServerSetupError `INVALID_OPTION` naming the option and what it may be
 * @throws UnsupportedServerSetupError if the dispatch method doesn't carry the protocol
 */
export async function toServerSetup<Protocol extends string>(
  method: DispatchMethod<Protocol>,
  options: ServerOptions<Protocol>,
): Promise<ServerSetup<Protocol>> {
  // First of all, so that a promise that rejects is never left unheard.
  const tls = await options.tls
  const { app, host = '127.0.0.1', port = 0, noDelay = true } = options
  const { maxClients = method.defaultMaxClients ?? 10_000 } = options
  const { limits = {}, extendedConnect = false, date = true } = options
  const { onConnectionError = () => {}, onHandlerError = reportHandlerError } = options
  if (app === undefined || app === null) {
    throw invalidOption('app', app, 'what prebuildResponse() returns, a handler, or an app module')
  }
  checkApplication(app)
  if (typeof host !== 'string' || host === '') {
    throw invalidOption('host', host, 'a name or address of this machine, as 127.0.0.1')
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalidOption('port', port, 'an integer from 0 to 65535; 0 is any free port')
  }
  if (!Number.isInteger(maxClients) || maxClients < 1) {
    throw invalidOption('maxClients', maxClients, 'an integer from 1 on')
  }
  if (typeof noDelay !== 'boolean') throw invalidOption('noDelay', noDelay, 'true or false')
  if (typeof date !== 'boolean') throw invalidOption('date', date, 'true or false')
  checkTls(tls)
  checkLimits(limits)
  const protocol = checkProtocol(method, options.protocol, tls !== undefined)
  if (protocol === 'mini' && options.date === true) {
    throw invalidOption(
      'date',
      true,
      'left out or false with the protocol mini, which never sends it',
    )
  }
  const setup: ServerSetup<Protocol> = {
    implementation: implementationName(method, protocol),
    app,
    host,
    port,
    tls,
    protocol,
    limits,
    extendedConnect,
    date,
    maxClients,
    noDelay,
    onConnectionError,
    onHandlerError,
  }
  if (typeof app === 'function') checkHandler(method, setup)
  return setup
}

/** Says what is wrong with an option, and what would be right. */
export function invalidOption(name: string, value: unknown, right: string): ServerSetupError {
  return new ServerSetupError(
    'INVALID_OPTION',
    `The option ${name} can't be ${describe(value)}: it must be ${right}.`,
  )
}

function checkTls(tls: TlsCredentials | undefined): void {
  if (tls === undefined) return
  // Callers without types come here with anything.
  const given: Partial<Record<string, unknown>> = { ...(tls as object) }
  for (const [cert, key] of [
    ['cert', 'key'],
    ['certFile', 'keyFile'],
  ] as const) {
    if (given[cert] && given[key]) return
    if (given[cert]) throw invalidOption(`tls.${key}`, given[key], `the key of tls.${cert}`)
    if (given[key]) throw invalidOption(`tls.${cert}`, given[cert], `the certificate of tls.${key}`)
  }
  throw invalidOption('tls', tls, '{ cert, key } as PEM text, or { certFile, keyFile }')
}

function checkLimits(limits: ConnectionLimits): void {
  for (const [name, value] of Object.entries<unknown>({ ...limits })) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      throw invalidOption(
        'limits',
        `{ ${name} }`,
        `some of ${Object.keys(DEFAULT_LIMITS).join(', ')}`,
      )
    }
    if (typeof value !== 'number' || !(value >= 0)) {
      throw invalidOption(`limits.${name}`, value, 'a number from 0 on')
    }
  }
}

function checkProtocol<Protocol extends string>(
  method: DispatchMethod<Protocol>,
  protocol: Protocol | undefined,
  tls: boolean,
): Protocol | undefined {
  const { protocols } = method
  const combination = combinationName(implementationName(method, protocol), tls)
  if (protocols === 'own') {
    if (protocol === undefined) return undefined
    throw new UnsupportedServerSetupError(
      combination,
      `${method.name} brings its own protocol`,
      `${method.name} without a protocol`,
    )
  }
  if (protocol !== undefined && protocols.includes(protocol)) return protocol
  throw new UnsupportedServerSetupError(
    combination,
    protocol === undefined
      ? `${method.name} needs a protocol`
      : `${method.name} does not carry the protocol ${protocol}`,
    protocols.map((name) => implementationName(method, name)).join(', '),
  )
}

function checkHandler<Protocol extends string>(
  method: DispatchMethod<Protocol>,
  setup: ServerSetup<Protocol>,
): void {
  if (method.handlers === 'none' || setup.protocol === 'mini') throw unsupportedHandler(setup)
  if (method.handlers === 'functions') return
  throw new UnsupportedServerSetupError(
    combinationName(setup.implementation, setup.tls !== undefined),
    'its loop runs in a thread of its own, where a function cannot follow',
    'an app module, as { module: new URL(...) }, or a prebuilt response',
  )
}

/** Never the contents of an object: it may be a key. */
function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'this object' : String(value)
}
