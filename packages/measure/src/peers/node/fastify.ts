import { BODY, CONTENT_TYPE } from './answer'
import { createHttp2Server, type Http2Listener } from './create-http2-server'
import type { NodePeer } from './node-peer'
import { importPackage } from './package'

/**
 * Fastify: https://fastify.dev/docs/latest/Reference/Server/. It is given a server like the one it would create
 * itself. Otherwise it would apply its limits to TLS servers only, and close a session after 72 s without a request.
 */
export const fastify: NodePeer = {
  name: 'fastify',
  title: 'Fastify on node:http2, without its logger',
  httpVersion: 'h2',
  packages: ['fastify'],
  async create(tls) {
    const { fastify } = await importPackage<typeof import('fastify')>('fastify')
    const app = fastify({
      http2: true,
      logger: false,
      serverFactory: (listener) => createHttp2Server(tls, listener as Http2Listener),
    })
    app.get('/', (_, reply) => {
      reply.type(CONTENT_TYPE).send(BODY)
    })
    await app.ready()
    return app.server
  },
}
