import { TlsCredentialsError, TlsOptionError } from '../errors'
import {
  NativeUnavailableError,
  OpenSslError,
  SocketTimeoutError,
  SystemCallError,
  TlsConnectionError,
} from './errors'

/**
 * What a thread may throw that serves by the functions of this package: for a package whose threads pass on
 * their errors, by their classes' names.
 */
export const NATIVE_ERRORS = {
  NativeUnavailableError,
  OpenSslError,
  SocketTimeoutError,
  SystemCallError,
  TlsConnectionError,
  TlsCredentialsError,
  TlsOptionError,
} as const
