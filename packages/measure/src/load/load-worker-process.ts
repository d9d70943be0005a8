import { createRequire } from 'node:module'
import type { FromLoadWorker } from './protocol'
import { serveWorker } from './serve-worker'

/*
 * The process of a load worker on this machine.
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
// With its leader it ends, whatever it does.
process.on('disconnect', () => process.exit())
// Ctrl-C goes to the whole process group; the leader decides what it means.
process.on('SIGINT', () => {})
