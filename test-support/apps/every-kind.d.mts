import type { Handler } from '@h2lab/mini-http2'

/** An application with one of each kind of answer that clients are tested with. */
export declare const everyKind: Handler
