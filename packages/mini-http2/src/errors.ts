import { copyOctets, type OctetVector, toHex } from '@h2lab/octets'
import { CLIENT_PREFACE_LENGTH } from './frame/client-preface'
import { ErrorCode, type ErrorCodeName } from './frame/error-code'

/** A {@link ConnectionError}'s code: the RFC's name of the fault, or a more exact one of ours. */
export type ConnectionErrorCode = ErrorCodeName | 'CLIENT_PREFACE_MISMATCH' | 'KEEP_ALIVE_TIMEOUT'

/**
 * A fault of the peer that ends its connection, RFC 9113 section 5.4.1. It is never thrown:
 * it is a closed connection's `error`.
 */
export class ConnectionError extends Error {
  override readonly name: string = 'ConnectionError'
  /** Stable; says what kind of fault it is. */
  readonly code: ConnectionErrorCode
  /** What the GOAWAY frame says, one of `ErrorCode`. */
  readonly errorCode: number

  constructor(errorCode: ErrorCodeName, message: string, code: ConnectionErrorCode = errorCode) {
    super(message)
    this.code = code
    this.errorCode = ErrorCode[errorCode]
  }
}

/** The peer's first octets are not the client preface of RFC 9113 section 3.4. */
export class ClientPrefaceMismatchError extends ConnectionError {
  override readonly name = 'ClientPrefaceMismatchError'
  /** What the peer sent instead, at most as long as the preface. */
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

/** A {@link MisuseError}'s code. */
export type MisuseErrorCode =
  /** An option does not exist; the message names the nearest one that does. */
  | 'INVALID_OPTION'
  /** A status outside of what a response may have. */
  | 'INVALID_STATUS'
  /** A field that can't be sent: its name, its value, or a field that HTTP/2 does not have. */
  | 'INVALID_FIELD'
  /** Content where there is none: with 204, 205 or 304. */
  | 'BODY_NOT_ALLOWED'
  /** A body that is neither text nor octets. */
  | 'INVALID_BODY'
  /** What is sent as a prebuilt response is none. */
  | 'INVALID_PREBUILT'
  /** A body whose length isn't what its `content-length` says. */
  | 'CONTENT_LENGTH_MISMATCH'
  /** More header fields than the client accepts, and more than an ordinary response has. */
  | 'HEADER_LIST_TOO_LARGE'
  /** A second head for one response. */
  | 'HEAD_ALREADY_SENT'
  /** A body before its head. */
  | 'HEAD_NOT_SENT'
  /** Something behind the response's end. */
  | 'RESPONSE_ENDED'
  /** A request on a client connection that takes no more. */
  | 'CONNECTION_ENDED'
  /** A handler returned a promise where the server's loop blocks and so can't wait for it. */
  | 'PROMISE_REFUSED'
  /** A handler returned a WHATWG `Response`: a fetch handler is used without `toHandler`. */
  | 'RESPONSE_RETURNED'

/** The caller's own fault: what was asked for can't be sent as HTTP. Thrown at the caller. */
export class MisuseError extends Error {
  override readonly name = 'MisuseError'
  /** Stable; says what kind of fault it is. */
  readonly code: MisuseErrorCode

  constructor(code: MisuseErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** The error of a handler that returned a promise where nobody can wait for it. */
export function promiseRefused(): MisuseError {
  return new MisuseError(
    'PROMISE_REFUSED',
    'The handler returned a promise, but this server blocks and never comes to settle it: answer before the handler returns, or use a dispatch method that does not block.',
  )
}

/** The error of a handler that returned a `Response`, which nobody sends. */
export function responseReturned(): MisuseError {
  return new MisuseError(
    'RESPONSE_RETURNED',
    'The handler returned a Response, which is not sent: a handler answers with its second argument, as response.send(200). Wrap a fetch handler with toHandler, as app: toHandler(hono.fetch).',
  )
}

/** A {@link RequestBodyError}'s code. */
export type RequestBodyErrorCode =
  /** More octets than the reader allows. */
  | 'BODY_TOO_LARGE'
  /** The client gave the request up, or the connection was lost, before the body's end. */
  | 'CLIENT_GONE'
  /** The body was read before, or is being read. */
  | 'BODY_USED'
  /** The body isn't JSON; `cause` is the SyntaxError that says where. */
  | 'INVALID_JSON'

/** A request's body can't be read. What reading it rejects with. */
export class RequestBodyError extends Error {
  override readonly name = 'RequestBodyError'
  /** Stable; says what kind of fault it is. */
  readonly code: RequestBodyErrorCode

  constructor(code: RequestBodyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The error of a request whose body can't be parsed as JSON. */
export function invalidJson(cause: SyntaxError): RequestBodyError {
  const message = `The request's body is not JSON: ${cause.message}.`
  return new RequestBodyError('INVALID_JSON', message, { cause })
}

/** Printable text in quotes, anything else as hexadecimal digits. */
function describe(octets: OctetVector): string {
  const text = String.fromCharCode(...octets)
  return /^[\t\n\r -~]*$/.test(text) ? JSON.stringify(text) : toHex(octets)
}
