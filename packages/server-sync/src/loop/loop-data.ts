import { DEFAULT_LIMITS } from '@h2lab/mini-http2'
import type { ServerSetup } from '@h2lab/mini-http2/server'
import { packSetup, type TransferredSetup } from '@h2lab/mini-http2/server/thread'
import { type SharedTls, shareTls } from '@h2lab/tls-context/native'
import type { ServerHandle } from '../control/server-control'
import type { SyncProtocolName } from '../protocol'

/** All that a loop needs to know of its server, as plain data that can be sent to a thread. */
export interface LoopData extends ServerHandle {
  readonly setup: TransferredSetup<SyncProtocolName>
  readonly tls: SharedTls | undefined
  /** The account of what the threads hold, each at the index of its slot. */
  readonly memoryUse: SharedArrayBuffer
  /** How long a client may send nothing, in milliseconds. */
  readonly readTimeout: number
  /** How long a client may neither accept output nor send anything, in milliseconds. */
  readonly writeTimeout: number
}

/**
 * Converts a setup to plain data.
 *
 * @param defaultReadTimeout unless `limits.idleTimeout` says otherwise, in milliseconds
 * @throws TlsCredentialsError that names the file or text at fault
 * @throws TlsOptionError that names the option at fault
 * @throws TypeError if the application is a function
 */
export async function toLoopData(
  setup: ServerSetup<SyncProtocolName>,
  defaultReadTimeout: number,
): Promise<Omit<LoopData, keyof ServerHandle | 'memoryUse'>> {
  const { tls, limits } = setup
  const { keepAlive, keepAliveTimeout } = { ...DEFAULT_LIMITS, ...limits }
  return {
    setup: packSetup(setup),
    tls: tls && (await shareTls(tls)),
    readTimeout: limits.idleTimeout ?? defaultReadTimeout,
    writeTimeout: keepAlive + keepAliveTimeout,
  }
}
