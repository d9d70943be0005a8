export {
  type Application,
  type AppModule,
  type LoadedApplication,
  loadApplication,
} from './application'
export type { ApplicationOptions, TransferableApplication } from './application-options'
export { createServer, type Server } from './create-server'
export type {
  ConnectionFault,
  DispatchMethod,
  HandlerSupport,
  ServerSetup,
  StartedServer,
} from './dispatch-method'
export { FLUSH_TIME, HALF_CLOSED_PAUSE, LINGER_TIME } from './ending-times'
export {
  ClientRefusedError,
  listenError,
  ServerSetupError,
  type ServerSetupErrorCode,
  UnsupportedServerSetupError,
} from './errors'
export { ReportsLeftOutError, ServerFailedError, ThreadDiedError } from './failures'
export { implementationName } from './implementation-name'
export { checkOptionNames, invalidOption } from './invalid-option'
export { loadConnectionFactory, loadPrebuiltResponse } from './load-setup'
export { LONGEST_TIMER } from './longest-timer'
export { isDeparture } from './lost-client'
export { type CommonServerOptions, type ServerOptions, toServerSetup } from './server-options'
export { type ServerAddress, serverUrl } from './server-url'
export type { ServerTlsOptions, TlsCredentials, TlsSettings } from './tls-options'
export { unsupportedOption } from './unsupported-option'
export { withServer } from './with-server'
