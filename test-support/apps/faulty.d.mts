import type { Handler } from '@h2lab/mini-http2'

/** An application with a different fault for each path. */
declare const faulty: Handler
export default faulty
