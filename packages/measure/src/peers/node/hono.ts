import { BODY } from './answer'
import { createHttp2Server } from './create-http2-server'
import type { NodePeer } from './node-peer'
import { importPackage } from './package'

/** Hono: https://hono.dev/docs/getting-started/nodejs. */
export const hono: NodePeer = {
  name: 'hono',
  title: 'Hono by @hono/node-server on node:http2',
  httpVersion: 'h2',
  packages: ['hono', '@hono/node-server'],
  async create(tls) {
    const { Hono } = await importPackage<typeof import('hono')>('hono')
    const { getRequestListener } =
      await importPackage<typeof import('@hono/node-server')>('@hono/node-server')
    const app = new Hono()
    // The default type is text/plain in UTF-8.
    app.get('/', (context) => context.text(BODY))
    return createHttp2Server(tls, getRequestListener(app.fetch))
  },
}
