import { parentPort, workerData } from 'node:worker_threads'
import { prebuildResponse } from '@h2lab/mini-http2'
import { none, serveBlocking, thread } from '../../dist/index.js'

// Blocks this thread, and tells the one that has started it how to end that.
await serveBlocking({ none, thread }[workerData.method], {
  protocol: workerData.protocol,
  app: prebuildResponse({ body: 'Hello World\n' }),
  onListening: (url, handle) => parentPort.postMessage({ kind: 'listening', url, handle }),
  onConnectionError: ({ error }) => parentPort.postMessage({ kind: 'fault', code: error.code }),
})
parentPort.postMessage({ kind: 'ended' })
