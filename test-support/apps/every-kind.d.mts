import type { Handler } from '@h2lab/mini-http2'

/** An application with every kind of response that clients are tested with. */
export declare const everyKind: Handler
