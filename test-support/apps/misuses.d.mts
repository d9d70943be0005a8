import type { Handler, MisuseErrorCode, ServerResponse } from '@h2lab/mini-http2'

/** Something that HTTP doesn't allow a handler to do. */
export interface Misuse {
  readonly code: MisuseErrorCode
  /** Of the request; default GET. */
  readonly method?: string
  /** What is right, and comes before. */
  readonly before?: (response: ServerResponse) => void
  /** What makes the mistake. */
  readonly call: (response: ServerResponse) => void
}

/** Mistakes by what they are, as the subject of a sentence. */
type Misuses = Readonly<Record<string, Misuse>>

export declare const BEFORE_THE_HEAD: Misuses
export declare const AFTER_THE_HEAD: Misuses
export declare const AFTER_THE_END: Misuses

/** An application that makes the mistake which a request asks for. */
export declare const misuses: Handler
