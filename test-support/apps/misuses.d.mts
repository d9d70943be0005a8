import type { Handler, MisuseErrorCode, ServerResponse } from '@h2lab/mini-http2'

/** Something that HTTP does not allow a handler to do. */
export interface Misuse {
  readonly code: MisuseErrorCode
  /** The request method. Default GET. */
  readonly method?: string
  /** Valid calls that come before the mistake. */
  readonly before?: (response: ServerResponse) => void
  /** Makes the mistake. */
  readonly call: (response: ServerResponse) => void
}

/** Mistakes by description, worded as the subject of a sentence. */
type Misuses = Readonly<Record<string, Misuse>>

export declare const BEFORE_THE_HEAD: Misuses
export declare const AFTER_THE_HEAD: Misuses
export declare const AFTER_THE_END: Misuses

/** An application that makes the mistake named by the request. */
export declare const misuses: Handler
