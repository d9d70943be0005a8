import type { HandlerErrorListener } from '../application/handler'
import type { ConnectionError } from '../errors'
import type { ConnectionLimits, LimitName } from '../limits'
import type { ProtocolName } from '../protocol/connection-factory'
import type { Application } from './application'
import type { ClientRefusedError } from './errors'
import type { ServerFailedError } from './failures'
import type { ServerTlsOptions } from './tls-options'

/**
 * The handlers that a dispatch method can call: any function; only functions exported by an app
 * module, because its loop runs in another thread; or none.
 */
export type HandlerSupport = 'functions' | 'modules' | 'none'

/**
 * A way to wait for clients and their data: the part of a server that owns the sockets. Each server
 * package exports some; `createServer` starts them.
 *
 * @typeParam Protocol the names of the supported protocols: those of this package, and any that the
 *   method adds; `never` for a method with its own protocol
 * @typeParam Handlers which handlers it can call
 */
export interface DispatchMethod<
  Protocol extends string = ProtocolName,
  Handlers extends HandlerSupport = HandlerSupport,
> {
  /** As in the name of the implementation, such as `async` in `async/mini`. */
  readonly name: string
  /** The supported protocols, or `own` if the method has its own protocol. */
  readonly protocols: readonly Protocol[] | 'own'
  /** Which handlers it can call. */
  readonly handlers: Handlers
  /** The default of `maxClients`. Default 10,000. */
  readonly defaultMaxClients?: number
  /** The limits it honours; others are rejected. Default: those of its protocol. */
  readonly limits?: readonly LimitName[]
  /**
   * Binds, listens and starts to serve.
   *
   * @returns a promise that resolves when connections are accepted
   * @throws ServerSetupError if that fails, or an error of the TLS package about the credentials;
   *   no handle remains open then
   */
  start(setup: ServerSetup<Protocol>): Promise<StartedServer>
}

/** The input of a dispatch method: all options are checked and have their defaults. */
export interface ServerSetup<Protocol extends string = ProtocolName> {
  /** Such as `async/mini`, for messages. */
  readonly implementation: string
  readonly host: string
  /** 0 to 65535; 0 is any free port. */
  readonly port: number
  /** Undefined for a server without TLS. */
  readonly tls: ServerTlsOptions | undefined
  /** Undefined for a method with a protocol of its own. */
  readonly protocol: Protocol | undefined
  readonly app: Application
  /** The protocols for which the method supports handlers, for messages. */
  readonly handlerProtocols: readonly string[]
  readonly limits: ConnectionLimits
  /** Whether clients may use extended CONNECT, RFC 8441. */
  readonly extendedConnect: boolean
  /** Whether responses get a `date` if the application hasn't set one. */
  readonly date: boolean
  /** How many clients may be connected at once. */
  readonly maxClients: number
  /** TCP_NODELAY of tcp(7): small writes are sent immediately. */
  readonly noDelay: boolean
  /** Called for each connection that ended with a fault. Never throws. */
  readonly onConnectionError: (fault: ConnectionFault) => void
  /** Called with the errors of handlers. Never throws. */
  readonly onHandlerError: HandlerErrorListener
}

/** A fault that ended one connection, or all those of a thread. The server continues. */
export interface ConnectionFault {
  /**
   * A ConnectionError of the protocol, a ClientRefusedError, an error of the socket or TLS, or a
   * failure of the server itself: a ThreadDiedError, a ReportsLeftOutError, and at last a
   * ServerFailedError. All have a `code`.
   */
  readonly error: ConnectionError | ClientRefusedError | Error
  /** The client's address and port, if known. */
  readonly peer: string
}

/**
 * A server as implemented by its dispatch method. `createServer` wraps it in one that can be closed
 * any number of times, with a grace time and by a signal.
 */
export interface StartedServer {
  /** The port on which the server listens. */
  readonly port: number
  /**
   * Accepts no more clients and lets connected ones finish: calls `drain` of each connection.
   * Called at most once, and not after {@link kill}.
   */
  drain(): void
  /** Accepts no more clients and ends all connections immediately. Called at most once. */
  kill(): void
  /**
   * Resolves when no socket, thread or timer of the server is left, after {@link drain} or {@link
   * kill} or because the server failed. Never rejects.
   */
  readonly ended: Promise<void>
  /** Why the server has failed, once it has ended. */
  readonly failure?: ServerFailedError | undefined
}
