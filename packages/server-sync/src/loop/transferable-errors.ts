import type { ErrorClasses } from '@h2lab/mini-http2/server/thread'
import { TlsCredentialsError, TlsOptionError } from '@h2lab/tls-context'
import {
  NativeUnavailableError,
  OpenSslError,
  SocketTimeoutError,
  SystemCallError,
  TlsConnectionError,
} from '@h2lab/tls-context/native'
import { ReadTimeoutError } from '../connection/errors'
import { Nghttp2UnavailableError } from '../nghttp2/library'

/** What threads of this package may throw, besides JavaScript's own errors and those of mini-http2. */
export const transferableErrors: ErrorClasses = {
  NativeUnavailableError,
  Nghttp2UnavailableError,
  OpenSslError,
  ReadTimeoutError,
  SocketTimeoutError,
  SystemCallError,
  TlsConnectionError,
  TlsCredentialsError,
  TlsOptionError,
}
