/*
 * How a server ends a connection that is over, whatever the loop: it sends the last output, then waits for the client.
 */

/**
 * How long the last output of a closed connection may take to be sent, in milliseconds: 1.25 MiB, the most
 * that waits, at 45 kB a second. A client that takes nothing is gone by then, too.
 */
export const FLUSH_TIME = 30_000

/**
 * How long the last output may make no progress if the client has ended its side, in milliseconds. Most such clients are
 * gone, and nothing else says so: with TLS no write may ever complete after a reset that came right behind the
 * handshake (seen with Node 20). It is longer than the protocol's pause of half a second, since nothing is being
 * produced here: only TCP can be slow, which sends a lost segment again after 200 ms, and once more 400 ms later.
 */
export const HALF_CLOSED_PAUSE = 1000

/**
 * How long the socket of a closed connection then waits for the client to close its side, in milliseconds.
 * Closing with unread input would reset the connection, and the reset may overtake the GOAWAY frame that says
 * why.
 */
export const LINGER_TIME = 1000
