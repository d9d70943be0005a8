import { createMemoryUse, type ProtocolName } from '@h2lab/mini-http2/protocol'
import type { ServerSetup } from '@h2lab/mini-http2/server'
import { packSetup, type TransferredSetup } from '@h2lab/mini-http2/server/thread'
import { type SharedTls, shareTls } from '@h2lab/tls-context/native'
import { ClientCount } from '../loop/client-count'
import type { PollerName } from '../poller/poller'

/** How the loops of a server wait, see `AsyncCustomOptions`. */
export interface LoopOptions {
  readonly poller: PollerName
  readonly gather: boolean
}

/** What the threads of a server share, as plain data. */
export interface SharedData extends LoopOptions {
  readonly setup: TransferredSetup<ProtocolName>
  readonly tls: SharedTls | undefined
  /** The memory of the server's `ClientCount`. */
  readonly clientCount: SharedArrayBuffer
  /** The account of what the threads hold. */
  readonly memoryUse: SharedArrayBuffer
}

/** What a thread is started with. */
export interface ThreadData extends SharedData {
  /** Which of the server's threads it is, from 0 on. */
  readonly index: number
  /** The descriptor of its listening socket. */
  readonly listener: number
  /** The memory of its `ThreadDescriptors`. */
  readonly descriptors: SharedArrayBuffer
  /** The memory of its `TlsObjects`. */
  readonly tlsObjects: SharedArrayBuffer
}

/** The commands for a thread, named after the functions of `StartedServer`. */
export type Command = 'drain' | 'kill'

/**
 * Converts a setup to plain data.
 *
 * @throws TlsCredentialsError that names the file or text at fault
 * @throws TlsOptionError that names the option at fault
 * @throws TypeError if the application is a function
 */
export async function toSharedData(
  setup: ServerSetup,
  threads: number,
  options: LoopOptions,
): Promise<SharedData> {
  const { tls } = setup
  return {
    setup: packSetup(setup),
    tls: tls && (await shareTls(tls)),
    ...options,
    clientCount: ClientCount.create(threads),
    memoryUse: createMemoryUse(threads),
  }
}
