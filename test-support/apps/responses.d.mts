import type { Handler } from '@h2lab/mini-http2'

/** An application that answers as the path says: a way to answer, and what is special about the response. */
export declare const responses: Handler
