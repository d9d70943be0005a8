/** The code of a {@link ServerSetupError}. */
export type ServerSetupErrorCode =
  | 'UNSUPPORTED_SERVER_SETUP'
  /** The value of an option is invalid. The message names the option. */
  | 'INVALID_OPTION'
  /** The application can't be loaded, or the value isn't an application. */
  | 'INVALID_APP'
  /** The TLS credentials are only for loopback addresses, and the host can be reached from other machines. */
  | 'LOOPBACK_ONLY'
  /** The port is used by another process or server. */
  | 'PORT_IN_USE'
  /** The user may not listen on the port. Most systems reserve ports below 1024. */
  | 'PORT_NOT_PERMITTED'
  /** The host isn't a name or address of this machine. */
  | 'HOST_NOT_AVAILABLE'
  /** Listening failed for another reason, see `cause`. */
  | 'LISTEN_FAILED'

/** A server can't be set up with the given options. No resources remain open. */
export class ServerSetupError extends Error {
  override readonly name: string = 'ServerSetupError'
  /** Stable; identifies the kind of fault. */
  readonly code: ServerSetupErrorCode

  constructor(code: ServerSetupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The combination of dispatch method, protocol, application and TLS is not supported here. */
export class UnsupportedServerSetupError extends ServerSetupError {
  override readonly name = 'UnsupportedServerSetupError'
  /** The requested combination, such as `async/mini with TLS`. */
  readonly combination: string
  /** Why it is not supported. */
  readonly reason: string
  /** What to use instead. */
  readonly alternative: string

  constructor(combination: string, reason: string, alternative: string, options?: ErrorOptions) {
    super(
      'UNSUPPORTED_SERVER_SETUP',
      `${combination} is not supported: ${reason}. Supported: ${alternative}.`,
      options,
    )
    this.combination = combination
    this.reason = reason
    this.alternative = alternative
  }
}

/**
 * A client was refused because `maxClients` clients are connected, or the others hold as much memory as the limit
 * `maxMemory` allows. Never thrown; passed to `onConnectionError`.
 */
export class ClientRefusedError extends Error {
  override readonly name = 'ClientRefusedError'
  /** Stable; identifies the kind of fault. */
  readonly code: 'TOO_MANY_CLIENTS' | 'OUT_OF_MEMORY'

  /** @param reason how many clients may be connected, or that there is no memory for another */
  constructor(reason: number | 'no memory') {
    super(
      reason === 'no memory'
        ? 'A client was refused: the others hold as much memory as the limit maxMemory allows.'
        : `A client was refused: ${reason} clients are connected, the limit set by the option maxClients.`,
    )
    this.code = reason === 'no memory' ? 'OUT_OF_MEMORY' : 'TOO_MANY_CLIENTS'
  }
}

/**
 * Translates an error of `listen` or `bind` and adds host and port.
 *
 * @param error the system's error, with a `code` of errno(3)
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
        `Can't listen on ${address}: permission denied (EACCES). Choose a port above 1023, or 0 for any free one.`,
        { cause: error },
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new ServerSetupError(
        'HOST_NOT_AVAILABLE',
        `Can't listen on ${address}: the host is not a name or address of this machine (${errno}). Choose 127.0.0.1, ::1 or 0.0.0.0.`,
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
