/** The protocol of a load, by its ALPN identifier. Requests are pipelined with HTTP/1.1. */
export type HttpVersion = 'h2' | 'http/1.1'

/** The usual names. */
export const HTTP_VERSION_NAMES: Readonly<Record<HttpVersion, string>> = {
  h2: 'HTTP/2',
  'http/1.1': 'HTTP/1.1',
}
