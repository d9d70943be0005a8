import { TlsCredentialsError, TlsOptionError } from '../errors'
import {
  NativeUnavailableError,
  OpenSslError,
  SocketTimeoutError,
  SystemCallError,
  TlsConnectionError,
} from './errors'

/**
 * The error classes, by name, that a thread using this package may throw, for packages whose
 * threads transfer their errors.
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
