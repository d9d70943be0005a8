import { type OctetVector, toHex } from '@h2lab/octets'
import { CLIENT_PREFACE_LENGTH } from './frame/client-preface'
import { ErrorCode, type ErrorCodeName } from './frame/error-code'

/** A {@link ConnectionError}'s code: the RFC's name of the fault, or a more exact one of ours. */
export type ConnectionErrorCode = ErrorCodeName | 'CLIENT_PREFACE_MISMATCH'

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
    const received = octets.slice(0, CLIENT_PREFACE_LENGTH)
    super(
      'PROTOCOL_ERROR',
      `An HTTP/2 client begins with "PRI * HTTP/2.0", but the octets received were ${describe(received)}.`,
      'CLIENT_PREFACE_MISMATCH',
    )
    this.octets = received
  }
}

/** A {@link MisuseError}'s code. */
export type MisuseErrorCode = 'INVALID_STATUS' | 'INVALID_FIELD' | 'BODY_NOT_ALLOWED'

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

/** Printable text in quotes, anything else as hexadecimal digits. */
function describe(octets: OctetVector): string {
  const text = String.fromCharCode(...octets)
  return /^[\t\n\r -~]*$/.test(text) ? JSON.stringify(text) : toHex(octets)
}
