import {
  type FromServerProcess,
  ownResourceUsage,
  SERVER_PROCESS_PROTOCOL,
  type ServerProcessSetup,
  type ToServerProcess,
} from './messages'

/** A server as its process sees it. */
export interface ServedServer {
  readonly url: string
  /** Ends it at once, so that nothing keeps the process alive. */
  close(): Promise<void>
}

/**
 * What the process of a server under measurement does: it starts the server that it is told,
 * tells what the process uses, and ends when it is told to, or when the process that started it
 * is gone.
 *
 * @param start starts the server of that name on a free port of 127.0.0.1; what it throws is told
 */
export function serveMeasured(start: (setup: ServerProcessSetup) => Promise<ServedServer>): void {
  let server: ServedServer | undefined

  async function receive(message: ToServerProcess): Promise<void> {
    switch (message.type) {
      case 'start':
        server = await start(message.setup)
        tell({ type: 'listening', url: server.url, protocol: SERVER_PROCESS_PROTOCOL })
        break
      case 'usage':
        tell({ type: 'usage', ...ownResourceUsage() })
        break
      case 'close':
        await server?.close()
        process.off('disconnect', end)
        process.disconnect?.()
    }
  }

  process.on('disconnect', end)
  // Ctrl-C goes to the whole process group; the measuring process decides what it means.
  process.on('SIGINT', () => {})
  process.on('message', (message: ToServerProcess) => {
    receive(message).catch(fail)
  })
}

function tell(message: FromServerProcess): void {
  process.send?.(message)
}

function fail(error: unknown): void {
  tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
}

/** With the process that started it gone: at once, whatever a thread of the server is doing. */
function end(): void {
  process.kill(process.pid, 'SIGKILL')
}
