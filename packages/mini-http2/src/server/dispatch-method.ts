import type { HandlerErrorListener } from '../application/handler'
import type { ConnectionError } from '../errors'
import type { ConnectionLimits, LimitName } from '../limits'
import type { ProtocolName } from '../protocol/connection-factory'
import type { Application } from './application'
import type { ClientRefusedError } from './errors'
import type { ServerTlsOptions } from './tls-options'

/**
 * Which handlers a dispatch method can call: any function; only one that an app module exports, because
 * its loop runs in a thread where a function can't follow; or none at all.
 */
export type HandlerSupport = 'functions' | 'modules' | 'none'

/**
 * A way to wait for clients and their octets: the part of a server that owns the sockets.
 * Each server package exports some; `createServer` starts them.
 *
 * @typeParam Protocol the names of the protocols that it carries: those of this package, and any
 *   that it brings along; `never` for one with a protocol of its own
 * @typeParam Handlers which handlers it can call
 */
export interface DispatchMethod<
  Protocol extends string = ProtocolName,
  Handlers extends HandlerSupport = HandlerSupport,
> {
  /** As in the implementation's name: `async` of `async/mini`. */
  readonly name: string
  /** The protocols it can carry, or `own` if it brings its own and takes none. */
  readonly protocols: readonly Protocol[] | 'own'
  /** Which handlers it can call. */
  readonly handlers: Handlers
  /** How many clients may be connected at once unless the options say otherwise. Default 10,000. */
  readonly defaultMaxClients?: number
  /** Which limits it honours; others are refused by name. Default: those of its protocol. */
  readonly limits?: readonly LimitName[]
  /**
   * Binds, listens and begins to serve.
   *
   * @returns when connections are accepted
   * @throws ServerSetupError if that isn't possible, or what the TLS package says of the
   *   credentials; no handle is left behind then
   */
  start(setup: ServerSetup<Protocol>): Promise<StartedServer>
}

/** What a dispatch method is asked for: all options checked, all defaults filled in. */
export interface ServerSetup<Protocol extends string = ProtocolName> {
  /** As `async/mini`, for messages. */
  readonly implementation: string
  readonly host: string
  /** 0 to 65535; 0 is any free port. */
  readonly port: number
  /** Undefined: without TLS. */
  readonly tls: ServerTlsOptions | undefined
  /** Undefined for a method with a protocol of its own. */
  readonly protocol: Protocol | undefined
  readonly app: Application
  /** The protocols with which the method calls handlers, for messages. */
  readonly handlerProtocols: readonly string[]
  readonly limits: ConnectionLimits
  /** Whether clients may use extended CONNECT, RFC 8441. */
  readonly extendedConnect: boolean
  /** Whether responses get a `date` that the application hasn't set. */
  readonly date: boolean
  /** How many clients may be connected at once. */
  readonly maxClients: number
  /** TCP_NODELAY of tcp(7): small writes are sent at once. */
  readonly noDelay: boolean
  /** Told of each connection that ended by a fault. Never throws. */
  readonly onConnectionError: (fault: ConnectionFault) => void
  /** Told of what handlers throw. Never throws. */
  readonly onHandlerError: HandlerErrorListener
}

/** A fault that ended one connection; the server goes on. */
export interface ConnectionFault {
  /**
   * A ConnectionError of the protocol, a ClientRefusedError, or what the socket or TLS
   * reported. All have a `code`.
   */
  readonly error: ConnectionError | ClientRefusedError | Error
  /** The client's address and port, as far as known. */
  readonly peer: string
}

/**
 * A server as its dispatch method sees it. `createServer` makes of it a server that can be
 * closed any number of times, with a grace time and by a signal.
 */
export interface StartedServer {
  /** The port it listens on. */
  readonly port: number
  /**
   * Accepts no more clients and lets those that are there finish what they have begun: for
   * each connection `drain`. Called once at most, and not after {@link kill}.
   */
  drain(): void
  /** Accepts no more clients and ends all at once. Called once at most. */
  kill(): void
  /**
   * Resolves when no socket, thread or timer of the server is left, after {@link drain} or
   * {@link kill} or because the server broke. Never rejects.
   */
  readonly ended: Promise<void>
}
