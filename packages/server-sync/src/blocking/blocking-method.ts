import type { DispatchMethod, ServerSetup } from '@h2lab/mini-http2/server'
import type { LoopData } from '../loop/loop-data'
import type { SyncProtocolName } from '../protocol'

/** A dispatch method of this package. Its loop runs in a thread of its own or blocks the calling thread. */
export interface BlockingMethod extends DispatchMethod<SyncProtocolName, 'modules'> {
  /** The most clients served at once. */
  clientsAtOnce(setup: ServerSetup<SyncProtocolName>): number
  /** The default of `limits.idleTimeout`: how long a client may send nothing, in milliseconds. */
  readonly defaultReadTimeout: number
  /**
   * Serves in the calling thread, which it blocks until the server ends.
   *
   * @param onReady called before it blocks
   * @returns when no thread of the server is left
   * @throws if the application or the certificate is not valid
   */
  block(data: LoopData, setup: ServerSetup<SyncProtocolName>, onReady: () => void): Promise<void>
}
