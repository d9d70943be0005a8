/*
 * What is possible for a client now. A state is a sum of these bits, so that asking for several at
 * once is one operation.
 */

/** The socket has octets, or its end, that weren't read yet. */
export const CAN_READ_PORT = 1 << 0
/** OpenSSL has taken all encrypted octets it was given. Always set without TLS. */
export const BIO_NEEDS_READ = 1 << 1
/** OpenSSL has encrypted octets that it wasn't asked about yet. */
export const CAN_READ_SSL = 1 << 2
/** The TLS handshake isn't done. */
export const HANDSHAKE_NEEDED = 1 << 3
/** The connection may have output. */
export const HAS_OUTPUT = 1 << 4
/** Output was taken from the connection that isn't encrypted yet. */
export const HAS_DATA_TO_ENCRYPT = 1 << 5
/** What OpenSSL has encrypted and waits is less than one write takes. Always set without TLS. */
export const CAN_WRITE_SSL = 1 << 6
/** OpenSSL has encrypted octets for the socket. */
export const CAN_READ_BIO = 1 << 7
/** Octets wait to be written to the socket. */
export const HAS_DATA_TO_WRITE = 1 << 8
/** The socket takes octets, as far as known. */
export const CAN_WRITE_PORT = 1 << 9
/** The connection holds input until its output is taken: no more is read. */
export const HOLDS_INPUT = 1 << 10

/** How many states there are. */
export const STATE_COUNT = 1 << 11

/** The bits by name, in the order of their values. */
export const STATE_BITS = {
  CAN_READ_PORT,
  BIO_NEEDS_READ,
  CAN_READ_SSL,
  HANDSHAKE_NEEDED,
  HAS_OUTPUT,
  HAS_DATA_TO_ENCRYPT,
  CAN_WRITE_SSL,
  CAN_READ_BIO,
  HAS_DATA_TO_WRITE,
  CAN_WRITE_PORT,
  HOLDS_INPUT,
} as const

/** Output on its way, wherever it is. */
export const ANY_OUTPUT = HAS_OUTPUT | HAS_DATA_TO_ENCRYPT | CAN_READ_BIO | HAS_DATA_TO_WRITE

/** The names of a state's bits, for diagnostics and tests. */
export function stateNames(state: number): string[] {
  return Object.entries(STATE_BITS)
    .filter(([, bit]) => (state & bit) !== 0)
    .map(([name]) => name)
}
