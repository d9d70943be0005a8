import type { DispatchMethod, ServerSetup } from '@h2lab/mini-http2/server'
import type { LoopData } from '../loop/loop-data'
import type { SyncProtocolName } from '../protocol'

/** A dispatch method of this package: its loop runs in a thread of its own, or blocks the caller's. */
export interface BlockingMethod extends DispatchMethod<SyncProtocolName, 'modules'> {
  /** How many clients are served at once, at most. */
  clientsAtOnce(setup: ServerSetup<SyncProtocolName>): number
  /** How long a client may send nothing, unless `limits.idleTimeout` says otherwise, in milliseconds. */
  readonly defaultReadTimeout: number
  /**
   * Serves in the calling thread and blocks it until the server ends.
   *
   * @param onReady called before it blocks
   * @returns when no thread of the server is left
   * @throws what is wrong with application or certificate
   */
  block(data: LoopData, setup: ServerSetup<SyncProtocolName>, onReady: () => void): Promise<void>
}
