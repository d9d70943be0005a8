import type { ErrorClasses } from '@h2lab/mini-http2/server/thread'
import { TlsCredentialsError, TlsOptionError } from '@h2lab/tls-context'
import {
  NativeUnavailableError,
  OpenSslError,
  SystemCallError,
  TlsConnectionError,
} from '@h2lab/tls-context/native'

/** What a loop's thread may throw, besides JavaScript's own errors and those of mini-http2. */
export const transferableErrors: ErrorClasses = {
  NativeUnavailableError,
  OpenSslError,
  SystemCallError,
  TlsConnectionError,
  TlsCredentialsError,
  TlsOptionError,
}
