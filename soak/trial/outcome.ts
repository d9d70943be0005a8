import type { Tally } from '../clients/tally'
import type { Window } from './series'

/** What came of a server's time with its clients. */
export interface Outcome {
  readonly server: string
  readonly tally: Tally
  readonly windows: readonly Window[]
  /** Its sockets before the first client and after the last; undefined: the process was gone. */
  readonly sockets: { readonly before: number; readonly after: number | undefined }
  /** How it ended after SIGTERM, or by itself. */
  readonly end: string
  /** The last that it printed. */
  readonly said: string
}
