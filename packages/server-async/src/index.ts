export { asyncSockets } from './async/async-sockets'
export { nodeHttp2 } from './node-http2/node-http2'
