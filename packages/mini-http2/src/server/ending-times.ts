/*
 * How every loop ends a connection: it sends the last output, then waits for the client to close
 * its side.
 */

/**
 * How long sending the last output of a closed connection may take, in milliseconds: at most 1.25
 * MiB at 45 kB per second. It also bounds the wait for a client that takes nothing.
 */
export const FLUSH_TIME = 30_000

/**
 * How long the last output may make no progress if the client has ended its side, in milliseconds.
 * Most such clients have gone without any other sign: with TLS, a write may never complete after a
 * reset that immediately followed the handshake (seen with Node 20). This is longer than the
 * protocol's pause of half a second, because all output is already produced and only TCP can be
 * slow: it retransmits a lost segment after 200 ms, and again 400 ms later.
 */
export const HALF_CLOSED_PAUSE = 1000

/**
 * How long the socket of a closed connection then waits for the client to close its side, in
 * milliseconds. Closing a socket with unread input resets the connection, and the reset may
 * overtake the GOAWAY frame with the reason.
 */
export const LINGER_TIME = 1000
