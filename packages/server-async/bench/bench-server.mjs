// One server in a process of its own, so that its CPU time and memory are its own.
// Started by the benchmarks with its description as JSON; answers `usage` messages.
import { prebuildResponse } from '@h2lab/mini-http2'
import { createServer } from '@h2lab/mini-http2/server'
import { devTls } from '@h2lab/tls-context'
import { asyncSockets, makeAsyncCustom, nodeHttp2 } from '../dist/index.js'

const { method, protocol, tls, poller, gather, threads, app } = JSON.parse(process.argv[2])

const methods = {
  async: asyncSockets,
  'async-custom': makeAsyncCustom({ poller, gather, threads }),
  'node-http2': nodeHttp2,
}

const server = await createServer(methods[method], {
  protocol,
  tls: tls ? devTls() : undefined,
  app:
    app === undefined
      ? prebuildResponse({ headers: { 'content-type': 'text/plain' }, body: 'Hello World\n' })
      : { module: new URL(`../../../test-support/apps/${app}.mjs`, import.meta.url) },
  maxClients: 20_000,
  // Idle clients stay, however long the benchmark takes.
  limits: method === 'node-http2' ? undefined : { idleTimeout: 3_600_000, prefaceTimeout: 600_000 },
})

process.on('message', (message) => {
  if (message === 'end') {
    void server.close({ graceMs: 0 }).then(() => process.disconnect())
    return
  }
  if (message === 'collect') globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  process.send({ cpu: user + system, rss: process.memoryUsage.rss() })
})
process.send({ url: server.url })
