import type { Handler } from '@h2lab/mini-http2'

/** An application whose path selects the way to respond and what is special about the response. */
export declare const responses: Handler
