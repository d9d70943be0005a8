export type { ErrorClass, ErrorClasses } from './error-transfer'
export { type ApplicationCalls, type HostedThread, hostThread } from './host-thread'
export { LastingThread, type LastingThreadOptions } from './lasting-thread'
export { ServerThread, type ServerThreadOptions } from './server-thread'
export {
  packSetup,
  type ServerListeners,
  type TransferredSetup,
  unpackSetup,
} from './setup-transfer'
export { threadFile } from './thread-file'
export {
  allReady,
  type ServingThreads,
  type StartingThread,
  threadedServer,
} from './threaded-server'
