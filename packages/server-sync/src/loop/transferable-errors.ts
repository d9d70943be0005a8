import type { ErrorClasses } from '@h2lab/mini-http2/server/thread'
import { NATIVE_ERRORS } from '@h2lab/tls-context/native'
import { ReadTimeoutError } from '../connection/errors'
import { Nghttp2UnavailableError } from '../nghttp2/library'

/** The errors that threads of this package may throw, in addition to JavaScript's own and those of mini-http2. */
export const transferableErrors: ErrorClasses = {
  ...NATIVE_ERRORS,
  Nghttp2UnavailableError,
  ReadTimeoutError,
}
