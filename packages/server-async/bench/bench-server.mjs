// One server in a process of its own, so that its CPU time and memory are its own. Its name is its description as
// JSON: see processTarget of @h2lab/measure, and server-process.mjs. Asked to `collect`, it collects garbage.
import { serveMeasured } from '@h2lab/measure'
import { prebuildResponse } from '@h2lab/mini-http2'
import { createServer } from '@h2lab/mini-http2/server'
import { asyncSockets, makeAsyncCustom, nodeHttp2 } from '../dist/index.js'

const HELLO = prebuildResponse({
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: 'Hello World\n',
})

serveMeasured(async ({ name, tls }) => {
  const { method, protocol, poller, gather, threads, app } = JSON.parse(name)
  const methods = {
    async: asyncSockets,
    'async-custom': makeAsyncCustom({ poller, gather, threads }),
    'node-http2': nodeHttp2,
  }
  const server = await createServer(methods[method], {
    protocol,
    tls,
    app:
      app === undefined
        ? HELLO
        : { module: new URL(`../../../test-support/apps/${app}.mjs`, import.meta.url) },
    maxClients: 20_000,
    // Idle clients stay, however long the benchmark takes.
    limits:
      method === 'node-http2' ? undefined : { idleTimeout: 3_600_000, prefaceTimeout: 600_000 },
  })
  return { url: server.url, close: () => server.close({ graceMs: 0 }) }
})

process.on('message', (message) => {
  if (message !== 'collect') return
  globalThis.gc?.()
  process.send({ type: 'collected', rss: process.memoryUsage.rss() })
})
