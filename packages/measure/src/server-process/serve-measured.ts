import {
  type FromServerProcess,
  ownResourceUsage,
  SERVER_PROCESS_PROTOCOL,
  type ServerProcessSetup,
  type ToServerProcess,
} from './messages'

/** A server as seen by its process. */
export interface ServedServer {
  readonly url: string
  /** Ends it at once, so that nothing keeps the process running. */
  close(): Promise<void>
}

/**
 * The main function of a measured server's process: starts the requested server, reports what the process uses, and
 * ends on request or when its parent is gone.
 *
 * @param start starts the server of that name on a free port of 127.0.0.1; errors are reported
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
  // Ctrl-C goes to the whole process group. The measuring process handles it.
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

/** Ends at once when the parent is gone, no matter what a thread of the server is doing. */
function end(): void {
  process.kill(process.pid, 'SIGKILL')
}
