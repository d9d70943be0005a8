import { createServer, type Server } from '@h2lab/mini-http2/server'
import { helloWorld } from '../implementations/hello-world'
import { findImplementation } from '../implementations/implementation'
import {
  type FromServerProcess,
  ownResourceUsage,
  type ServerProcessSetup,
  type ToServerProcess,
} from './messages'

/*
 * The process that one server under measurement runs in. It ends when it is told to, and
 * when the process that started it is gone.
 */

function tell(message: FromServerProcess): void {
  process.send?.(message)
}

/** With the process that started it gone: at once, whatever a thread of the server is doing. */
function end(): void {
  process.kill(process.pid, 'SIGKILL')
}

async function start(setup: ServerProcessSetup): Promise<Server> {
  const implementation = findImplementation(setup.implementation)
  if (implementation === undefined) throw new Error(`There is no ${setup.implementation}.`)
  const server = await createServer(implementation.method, {
    app: helloWorld(implementation.protocol),
    protocol: implementation.protocol,
    tls: setup.tls,
  })
  tell({ type: 'listening', url: server.url })
  return server
}

async function close(server: Server | undefined): Promise<void> {
  await server?.close({ graceMs: 0 })
  process.off('disconnect', end)
  process.disconnect?.()
}

function fail(error: unknown): void {
  tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
}

let server: Server | undefined

async function receive(message: ToServerProcess): Promise<void> {
  switch (message.type) {
    case 'start':
      server = await start(message.setup)
      break
    case 'usage':
      tell({ type: 'usage', ...ownResourceUsage() })
      break
    case 'close':
      await close(server)
  }
}

process.on('disconnect', end)
// Ctrl-C goes to the whole process group; the measuring process decides what it means.
process.on('SIGINT', () => {})
process.on('message', (message: ToServerProcess) => {
  receive(message).catch(fail)
})
