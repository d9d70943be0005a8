import { answer } from './answer'
import { createHttp2Server } from './create-http2-server'
import type { NodePeer } from './node-peer'

/** node:http2 with the API of node:http: https://nodejs.org/api/http2.html#compatibility-api. */
export const nodeHttp2Compat: NodePeer = {
  name: 'node-http2-compat',
  title: 'node:http2 through its compatibility API: (request, response) as in node:http',
  httpVersion: 'h2',
  packages: [],
  create: async (tls) => createHttp2Server(tls, answer),
}
