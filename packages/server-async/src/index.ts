export { asyncSockets } from './async/async-sockets'
export {
  type AsyncCustomOptions,
  asyncCustom,
  makeAsyncCustom,
} from './async-custom/async-custom'
export type { ActionMessage, TransferMessage } from './async-custom/diagnostics'
export type { PollerName } from './async-custom/poller/poller'
export { nodeHttp2 } from './node-http2/node-http2'
