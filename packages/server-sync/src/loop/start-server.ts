import { createMemoryUse } from '@h2lab/mini-http2/protocol'
import type { ServerSetup, StartedServer } from '@h2lab/mini-http2/server'
import { type ServingThreads, threadedServer } from '@h2lab/mini-http2/server/thread'
import { closeDescriptor } from '@h2lab/tls-context/native'
import type { BlockingMethod } from '../blocking/blocking-method'
import { ServerControl } from '../control/server-control'
import { openListener } from '../listener/open-listener'
import type { SyncProtocolName } from '../protocol'
import { type LoopData, toLoopData } from './loop-data'

/** The threads of a server. They learn from the server's phase that they have to end. */
export type RunningThreads = Pick<ServingThreads, 'ended' | 'failure' | 'terminate'>

/**
 * Listens and starts the threads of a server.
 *
 * @param begin starts the threads; if it throws, it leaves none running
 * @throws ServerSetupError if listening fails
 */
export async function startServer(
  method: BlockingMethod,
  setup: ServerSetup<SyncProtocolName>,
  begin: (data: LoopData, control: ServerControl) => Promise<RunningThreads>,
): Promise<StartedServer> {
  const { data, port, close } = await openServer(method, setup)
  const control = new ServerControl(data)
  let running: RunningThreads
  try {
    running = await begin(data, control)
  } catch (error) {
    close()
    throw error
  }
  return threadedServer(port, {
    // This interrupts the threads' calls, so they see the phase at once.
    drain: () => control.drain(),
    kill: () => control.kill(),
    terminate: () => running.terminate(),
    get failure() {
      return running.failure
    },
    ended: running.ended,
    close,
  })
}

/** A server that listens but does not serve yet. */
export interface OpenServer {
  readonly data: LoopData
  readonly port: number
  /** Closes the listener and the clients that threads have left open. */
  close(): void
}

/** Prepares what the threads of a server share. @throws ServerSetupError, TlsCredentialsError */
export async function openServer(
  method: BlockingMethod,
  setup: ServerSetup<SyncProtocolName>,
): Promise<OpenServer> {
  const plain = await toLoopData(setup, method.defaultReadTimeout)
  const listener = await openListener(setup)
  const clients = method.clientsAtOnce(setup)
  const handle = ServerControl.create(clients, listener.descriptor)
  return {
    data: { ...plain, ...handle, memoryUse: createMemoryUse(clients) },
    port: listener.port,
    close() {
      for (const slot of new ServerControl(handle).slots) slot.releaseClient(closeDescriptor)
      listener.close()
    },
  }
}
