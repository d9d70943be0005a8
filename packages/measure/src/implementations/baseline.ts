/** The implementation that all others are compared with. */
export const BASELINE = 'node-http2'
