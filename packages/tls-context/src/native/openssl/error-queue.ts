import { OpenSslError, TlsConnectionError } from '../errors'
import { libssl } from '../foreign/libssl'

/** The library number of TLS errors, openssl/err.h. */
const ERR_LIB_SSL = 20

/** Longer than any text of ERR_error_string_n(3). */
const TEXT_OCTETS = 256

/** The content of this thread's OpenSSL error queue. */
export interface QueuedErrors {
  /** `ERR_SSL_` or `ERR_OSSL_` and the reason of the newest error. TLS errors take precedence. */
  readonly code: string
  /** The texts of all errors, the oldest first. */
  readonly text: string
  /**
   * Whether one of them is a TLS error. If not, they may come from another use of OpenSSL in this
   * thread.
   */
  readonly ofTls: boolean
}

/** Clears the queue, so that later errors come from the next call. */
export function clearErrorQueue(): void {
  libssl().ERR_clear_error()
}

/** Takes all errors from the queue, ERR_get_error(3). */
export function takeQueuedErrors(): QueuedErrors | undefined {
  const numbers: number[] = []
  for (;;) {
    const number = libssl().ERR_get_error()
    if (number === 0) break
    numbers.push(number)
  }
  if (numbers.length === 0) return undefined
  const ofTls = numbers.filter(isOfTls)
  const decisive = ofTls.at(-1) ?? (numbers.at(-1) as number)
  return {
    code: codeOf(decisive),
    text: numbers.map(textOf).join('; '),
    ofTls: ofTls.length > 0,
  }
}

/** The error for a call that OpenSSL refused. Takes the queue. */
export function openSslError(call: string): OpenSslError {
  const errors = takeQueuedErrors()
  return new OpenSslError(
    errors?.code ?? 'ERR_OSSL_UNKNOWN',
    `${call} failed: ${errors?.text ?? 'OpenSSL gave no reason'}.`,
  )
}

/** The error for a failed connection. */
export function connectionError(action: string, errors: QueuedErrors): TlsConnectionError {
  return new TlsConnectionError(errors.code, `TLS ${action} failed: ${errors.text}.`)
}

function isOfTls(number: number): boolean {
  return ((number >>> 23) & 0xff) === ERR_LIB_SSL
}

/** The code that `node:tls` uses for the error. */
function codeOf(number: number): string {
  const reason = libssl().ERR_reason_error_string(number) ?? `reason ${number}`
  const name = reason.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
  return `${isOfTls(number) ? 'ERR_SSL' : 'ERR_OSSL'}_${name}`
}

function textOf(number: number): string {
  const octets = Buffer.alloc(TEXT_OCTETS)
  libssl().ERR_error_string_n(number, octets, octets.length)
  return octets.toString('latin1', 0, octets.indexOf(0))
}
