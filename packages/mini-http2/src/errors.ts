import { copyOctets, type OctetVector, toHex } from '@h2lab/octets'
import { CLIENT_PREFACE_LENGTH } from './frame/client-preface'
import { ErrorCode, type ErrorCodeName } from './frame/error-code'

/** The code of a {@link ConnectionError}: the RFC's name of the error, or a more specific one. */
export type ConnectionErrorCode = ErrorCodeName | 'CLIENT_PREFACE_MISMATCH' | 'KEEP_ALIVE_TIMEOUT'

/**
 * A fault of the peer that ends its connection, RFC 9113 section 5.4.1. It is never thrown. It is
 * the `error` of a closed connection.
 */
export class ConnectionError extends Error {
  override readonly name: string = 'ConnectionError'
  /** Stable; identifies the kind of fault. */
  readonly code: ConnectionErrorCode
  /** The error code in the GOAWAY frame, one of `ErrorCode`. */
  readonly errorCode: number

  constructor(errorCode: ErrorCodeName, message: string, code: ConnectionErrorCode = errorCode) {
    super(message)
    this.code = code
    this.errorCode = ErrorCode[errorCode]
  }
}

/** The peer's first bytes are not the client preface of RFC 9113 section 3.4. */
export class ClientPrefaceMismatchError extends ConnectionError {
  override readonly name = 'ClientPrefaceMismatchError'
  /** What the peer sent instead, at most as many bytes as the preface has. */
  readonly octets: OctetVector

  constructor(octets: OctetVector) {
    const received = copyOctets(octets, 0, Math.min(octets.length, CLIENT_PREFACE_LENGTH))
    super(
      'PROTOCOL_ERROR',
      `An HTTP/2 client begins with "PRI * HTTP/2.0", but the octets received were ${describe(received)}.`,
      'CLIENT_PREFACE_MISMATCH',
    )
    this.octets = received
  }
}

/** The code of a {@link MisuseError}. */
export type MisuseErrorCode =
  /** An option does not exist. The message suggests the nearest one. */
  | 'INVALID_OPTION'
  /** The status is outside the range allowed for a response. */
  | 'INVALID_STATUS'
  /** A field can't be sent because of its name or value, or because HTTP/2 doesn't allow it. */
  | 'INVALID_FIELD'
  /** A response with status 204, 205 or 304 has a body. */
  | 'BODY_NOT_ALLOWED'
  /** The body is neither a string nor a Uint8Array. */
  | 'INVALID_BODY'
  /** The value is not a prebuilt response. */
  | 'INVALID_PREBUILT'
  /** The length of the body doesn't match `content-length`. */
  | 'CONTENT_LENGTH_MISMATCH'
  /**
   * The header list is larger than the client accepts, and larger than an ordinary response has.
   */
  | 'HEADER_LIST_TOO_LARGE'
  /** The head was sent already. */
  | 'HEAD_ALREADY_SENT'
  /** The body was written before the head. */
  | 'HEAD_NOT_SENT'
  /** The response has already ended. */
  | 'RESPONSE_ENDED'
  /** The client connection takes no more requests. */
  | 'CONNECTION_ENDED'
  /** A handler returned a promise, but the server's loop blocks and can't wait for it. */
  | 'PROMISE_REFUSED'
  /** A handler returned a WHATWG `Response`: a fetch handler was used without `toHandler`. */
  | 'RESPONSE_RETURNED'

/** A mistake of the caller: the request or response can't be sent as HTTP. */
export class MisuseError extends Error {
  override readonly name = 'MisuseError'
  /** Stable; identifies the kind of mistake. */
  readonly code: MisuseErrorCode

  constructor(code: MisuseErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** The error of a handler that returned a promise to a blocking loop. */
export function promiseRefused(): MisuseError {
  return new MisuseError(
    'PROMISE_REFUSED',
    'The handler returned a promise, but promises never settle in this server because its loop blocks: respond before the handler returns, or use a dispatch method that does not block.',
  )
}

/** The error of a handler that returned a `Response`. */
export function responseReturned(): MisuseError {
  return new MisuseError(
    'RESPONSE_RETURNED',
    'The handler returned a Response, which is not sent: a handler responds through its second argument, such as response.send(200). Wrap a fetch handler with toHandler, such as app: toHandler(hono.fetch).',
  )
}

/** The code of a {@link RequestBodyError}. */
export type RequestBodyErrorCode =
  /** The body is longer than the limit. */
  | 'BODY_TOO_LARGE'
  /** The client cancelled the request, or the connection was lost, before the end of the body. */
  | 'CLIENT_GONE'
  /** The body was already read, or is being read. */
  | 'BODY_USED'
  /** The body isn't valid JSON. `cause` is the SyntaxError. */
  | 'INVALID_JSON'

/** The body of a request can't be read. Methods that read a body reject with it. */
export class RequestBodyError extends Error {
  override readonly name = 'RequestBodyError'
  /** Stable; identifies the kind of fault. */
  readonly code: RequestBodyErrorCode

  constructor(code: RequestBodyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The error of a request whose body isn't valid JSON. */
export function invalidJson(cause: SyntaxError): RequestBodyError {
  const message = `The request's body is not valid JSON: ${cause.message}.`
  return new RequestBodyError('INVALID_JSON', message, { cause })
}

/** Printable text in quotes, anything else as hexadecimal digits. */
function describe(octets: OctetVector): string {
  const text = String.fromCharCode(...octets)
  return /^[\t\n\r -~]*$/.test(text) ? JSON.stringify(text) : toHex(octets)
}
