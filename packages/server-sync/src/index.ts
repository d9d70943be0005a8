export type { BlockingMethod } from './blocking/blocking-method'
export { type BlockingOptions, serveBlocking } from './blocking/serve-blocking'
export {
  type ConnectionEnd,
  type DoConnectionOptions,
  doConnection,
  type ServerPhase,
} from './connection/do-connection'
export { ReadTimeoutError } from './connection/errors'
export { endServer, type ServerHandle } from './control/server-control'
export { type CallbackDescription, NGHTTP2_CALLBACKS } from './nghttp2/callbacks'
export { Nghttp2UnavailableError } from './nghttp2/library'
export { Nghttp2Connection } from './nghttp2/nghttp2-connection'
export { type Nghttp2Init, type Nghttp2Options, toNghttp2Options } from './nghttp2/options'
export { none } from './none/none'
export { SYNC_PROTOCOL_NAMES, type SyncProtocolName } from './protocol'
export { thread } from './thread/thread'
