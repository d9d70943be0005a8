import { createRequire } from 'node:module'
import type { FromLoadWorker } from './protocol'
import { serveWorker } from './serve-worker'

/*
 * The process of a local load worker.
 */

const { version } = createRequire(import.meta.url)('@h2lab/measure/package.json') as {
  version: string
}

const worker = serveWorker(
  {
    send(message: FromLoadWorker) {
      process.send?.(message)
    },
  },
  version,
)
process.on('message', (message) => worker.receive(message))
// Ends with its leader, no matter what it is doing.
process.on('disconnect', () => process.exit())
// Ctrl-C goes to the whole process group. The leader handles it.
process.on('SIGINT', () => {})
