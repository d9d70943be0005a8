/** The ALPN identifier of HTTP/2 over TLS, RFC 9113 section 3.2. */
export const ALPN_H2 = 'h2'

/**
 * Selects the application protocol of a connection (ALPN, RFC 7301): HTTP/2 or none.
 *
 * Called for a ClientHello with the ALPN extension, not for clients without it.
 *
 * @param protocols the identifiers that the client offers, in its order of preference. Only exactly
 *   `h2` matches: identifiers are octet strings, so `H2` is another protocol, and `h2c` is HTTP/2
 *   without TLS.
 * @returns `'h2'` if the client offers it at any position; otherwise undefined, and the handshake
 *   must end with the alert `no_application_protocol` (RFC 7301 section 3.2)
 */
export function selectH2(protocols: readonly string[]): typeof ALPN_H2 | undefined {
  return protocols.includes(ALPN_H2) ? ALPN_H2 : undefined
}
