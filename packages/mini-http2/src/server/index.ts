export {
  type Application,
  type AppModule,
  type LoadedApplication,
  loadApplication,
} from './application'
export { createServer, type Server } from './create-server'
export type {
  ConnectionFault,
  DispatchMethod,
  ServerSetup,
  StartedServer,
  TlsCredentials,
} from './dispatch-method'
export {
  ClientRefusedError,
  listenError,
  ServerSetupError,
  type ServerSetupErrorCode,
  UnsupportedServerSetupError,
} from './errors'
export { implementationName } from './implementation-name'
export { loadConnectionFactory, loadPrebuiltResponse } from './load-setup'
export { isDeparture } from './lost-client'
export { type ServerOptions, toServerSetup } from './server-options'
export { type ServerAddress, serverUrl } from './server-url'
export { withServer } from './with-server'
