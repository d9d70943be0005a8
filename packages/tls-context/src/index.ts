export {
  chooseCipherSuites,
  HTTP2_CIPHER_SUITES,
  isProhibitedCipherSuite,
  TLS13_CIPHER_SUITES,
} from './context/cipher-suites'
export { createHttp2TlsContext, type Http2TlsContext } from './context/http2-tls-context'
export { ALPN_H2, selectH2 } from './context/select-h2'
export {
  type CheckedTlsOptions,
  type ClientCertificateOptions,
  type Http2TlsContextOptions,
  readTlsOptions,
  type TlsSettings,
  type TlsVersion,
} from './context/tls-settings'
export type {
  CheckedTlsCredentials,
  CredentialScope,
  PemTlsCredentials,
  TlsCredentialFiles,
  TlsCredentials,
} from './credentials/credential-types'
export type { PemText } from './credentials/pem'
export { readTlsCredentials } from './credentials/tls-credentials'
export { defaultCacheFolder, type UserEnvironment } from './development/cache-folder'
export { type DevTlsCredentials, type DevTlsOptions, devTls } from './development/dev-tls'
export {
  TlsCredentialsError,
  type TlsCredentialsErrorCode,
  TlsOptionError,
  type TlsOptionErrorCode,
} from './errors'
