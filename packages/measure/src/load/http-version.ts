/** The protocol of a load, by the name that ALPN has for it. HTTP/1.1 is loaded by pipelined requests. */
export type HttpVersion = 'h2' | 'http/1.1'

/** What people call it. */
export const HTTP_VERSION_NAMES: Readonly<Record<HttpVersion, string>> = {
  h2: 'HTTP/2',
  'http/1.1': 'HTTP/1.1',
}
