/*
 * What is possible for a client now. A state is a sum of these bits, so several can be tested in one operation.
 */

/** The socket may have unread octets or its end. */
export const CAN_READ_PORT = 1 << 0
/** OpenSSL has consumed all encrypted octets it was given. Always set without TLS. */
export const BIO_NEEDS_READ = 1 << 1
/** OpenSSL has input that was not decrypted yet. */
export const CAN_READ_SSL = 1 << 2
/** The TLS handshake isn't done. */
export const HANDSHAKE_NEEDED = 1 << 3
/** The connection may have output. */
export const HAS_OUTPUT = 1 << 4
/** Output was taken from the connection but is not encrypted yet. */
export const HAS_DATA_TO_ENCRYPT = 1 << 5
/** OpenSSL holds less encrypted output than one write takes. Always set without TLS. */
export const CAN_WRITE_SSL = 1 << 6
/** OpenSSL has encrypted output for the socket. */
export const CAN_READ_BIO = 1 << 7
/** Octets are waiting to be written to the socket. */
export const HAS_DATA_TO_WRITE = 1 << 8
/** The socket accepts octets, as far as known. */
export const CAN_WRITE_PORT = 1 << 9
/** The connection holds back input until its output is taken or its turn comes, so nothing more is read. */
export const HOLDS_INPUT = 1 << 10

/** The number of states. */
export const STATE_COUNT = 1 << 11

/** The bits by name, in ascending order. */
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

/** Output is waiting at any stage. */
export const ANY_OUTPUT = HAS_OUTPUT | HAS_DATA_TO_ENCRYPT | CAN_READ_BIO | HAS_DATA_TO_WRITE

/** The names of a state's bits, for diagnostics and tests. */
export function stateNames(state: number): string[] {
  return Object.entries(STATE_BITS)
    .filter(([, bit]) => (state & bit) !== 0)
    .map(([name]) => name)
}
