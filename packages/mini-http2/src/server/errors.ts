/** A {@link ServerSetupError}'s code. */
export type ServerSetupErrorCode =
  | 'UNSUPPORTED_SERVER_SETUP'
  /** An option's value is impossible; the message names the option. */
  | 'INVALID_OPTION'
  /** The application can't be loaded, or isn't one. */
  | 'INVALID_APP'
  /** Another process or server has the port. */
  | 'PORT_IN_USE'
  /** The user may not open the port: below 1024 most systems reserve them. */
  | 'PORT_NOT_PERMITTED'
  /** The host isn't a name or address of this machine. */
  | 'HOST_NOT_AVAILABLE'
  /** Listening failed for another reason: see `cause`. */
  | 'LISTEN_FAILED'

/** A server could not be set up as asked. Thrown at the caller; nothing is left behind. */
export class ServerSetupError extends Error {
  override readonly name: string = 'ServerSetupError'
  /** Stable; says what kind of fault it is. */
  readonly code: ServerSetupErrorCode

  constructor(code: ServerSetupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The combination of dispatch method, protocol, application and TLS can't work here. */
export class UnsupportedServerSetupError extends ServerSetupError {
  override readonly name = 'UnsupportedServerSetupError'
  /** What was asked for, as `async/mini with TLS`. */
  readonly combination: string
  /** Why it can't work. */
  readonly reason: string
  /** What would work instead. */
  readonly alternative: string

  constructor(combination: string, reason: string, alternative: string, options?: ErrorOptions) {
    super(
      'UNSUPPORTED_SERVER_SETUP',
      `${combination} is not supported: ${reason}. What works: ${alternative}.`,
      options,
    )
    this.combination = combination
    this.reason = reason
    this.alternative = alternative
  }
}

/**
 * A client was turned away because as many are connected as `maxClients` allows. Never thrown:
 * `onConnectionError` is told.
 */
export class ClientRefusedError extends Error {
  override readonly name = 'ClientRefusedError'
  /** Stable; says what kind of fault it is. */
  readonly code = 'TOO_MANY_CLIENTS'

  constructor(maxClients: number) {
    super(
      `A client was refused: ${maxClients} are connected, and the option maxClients allows no more.`,
    )
  }
}

/**
 * Says what a failed `listen` or `bind` means, naming host and port.
 *
 * @param error what the system reported, with `code` as of errno(3)
 */
export function listenError(error: unknown, host: string, port: number): ServerSetupError {
  const errno = (error as { code?: unknown } | null)?.code
  const address = `${host}:${port}`
  switch (errno) {
    case 'EADDRINUSE':
      return new ServerSetupError(
        'PORT_IN_USE',
        `Can't listen on ${address}: the port is in use (EADDRINUSE). Choose another, or 0 for any free one.`,
        { cause: error },
      )
    case 'EACCES':
      return new ServerSetupError(
        'PORT_NOT_PERMITTED',
        `Can't listen on ${address}: permission denied (EACCES). Choose a port from 1024 on, or 0 for any free one.`,
        { cause: error },
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new ServerSetupError(
        'HOST_NOT_AVAILABLE',
        `Can't listen on ${address}: the host is no name or address of this machine (${errno}). Choose 127.0.0.1, ::1 or 0.0.0.0.`,
        { cause: error },
      )
    default:
      return new ServerSetupError(
        'LISTEN_FAILED',
        `Can't listen on ${address}: ${error instanceof Error ? error.message : String(error)}.`,
        { cause: error },
      )
  }
}
