/** The ALPN identifier of HTTP/2 over TLS, RFC 9113 section 3.2. */
export const ALPN_H2 = 'h2'

/**
 * Chooses the application protocol of a connection (ALPN, RFC 7301): HTTP/2 or none.
 *
 * It answers a ClientHello that carries the ALPN extension; a client that sends no such
 * extension is never asked about.
 *
 * @param protocols the identifiers the client offers, in its order of preference. Only exactly
 *   `h2` counts: identifiers are octet strings, so `H2` is another protocol, and `h2c` is
 *   HTTP/2 without TLS.
 * @returns `'h2'` if the client offers it, wherever in its list; else undefined, on which the
 *   handshake has to end with the alert `no_application_protocol` (RFC 7301 section 3.2)
 */
export function selectH2(protocols: readonly string[]): typeof ALPN_H2 | undefined {
  return protocols.includes(ALPN_H2) ? ALPN_H2 : undefined
}
