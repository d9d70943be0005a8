import type { Connection } from '@h2lab/mini-http2/protocol'
import type { OctetVector } from '@h2lab/octets'
import type { MemoryTlsConnection } from '@h2lab/tls-context/native'
import { BIO_NEEDS_READ, CAN_WRITE_PORT, CAN_WRITE_SSL, HANDSHAKE_NEEDED } from './client-state'

/**
 * The phases of a client. `flushing` sends the last output of its connection. `lingering` then waits for the client
 * to close its side, because closing with unread input would reset the connection, and the reset may overtake the
 * GOAWAY frame or alert that gives the reason.
 */
export type ClientPhase = 'handshake' | 'serving' | 'flushing' | 'lingering' | 'closed'

export const NO_OCTETS: OctetVector = new Uint8Array(0)

/** How long OpenSSL's buffers are kept for a client's next records, in milliseconds: several round trips. */
export const BUFFER_TIME = 500

/** One client: its descriptor, its TLS connection if any, and its HTTP/2 connection. */
export class Client {
  /** A sum of the bits of `client-state`. */
  state: number
  phase: ClientPhase
  /** Undefined until the TLS handshake is done. */
  connection: Connection | undefined
  /** A run taken from the connection. The octets from `encryptFrom` on are not encrypted yet. */
  toEncrypt = NO_OCTETS
  encryptFrom = 0
  /** The number of octets encrypted since the last move to the write buffer. */
  encrypted = 0
  /**
   * The octets from `writeFrom` up to `writeTo` are not written yet. With TLS, this is the loop's write buffer while
   * an action runs; without, a run taken from the connection.
   */
  toWrite = NO_OCTETS
  writeFrom = 0
  writeTo = 0
  /** The last write filled the socket or used up the client's turn, so further output has to wait. */
  isBehind = false
  /** The client sent its last octet. */
  inputEnded = false
  /** The poller reported the end of the input. Unread octets may precede it. */
  endReported = false
  /** How many more octets may be read and written in this turn. */
  readAllowance = 0
  writeAllowance = 0
  /** When a phase other than `serving` ends, in milliseconds of `performance.now()`. */
  phaseDeadline = Number.POSITIVE_INFINITY
  /** When `flushing` ends at the latest, regardless of progress. Set when it begins. */
  flushEnd = Number.POSITIVE_INFINITY
  /** The position in `Deadlines`. */
  dueAt = 0
  heapIndex = -1
  /** Whether the loop already knows that a handler has produced output. */
  woken = false
  /** The time window in which it was last served, see `Gathering`. */
  window = 0
  /** Whether OpenSSL keeps its buffers for this client's next records, see `BusyClients`. */
  buffers: 'released' | 'kept' = 'released'
  /** When it was last served, in milliseconds of `performance.now()`. Initially long ago. */
  lastTurn = -BUFFER_TIME
  faultReported = false

  constructor(
    readonly descriptor: number,
    /** Its address and port. */
    readonly peer: string,
    readonly tls: MemoryTlsConnection | undefined,
    /** When it was accepted, in milliseconds of `performance.now()`. */
    readonly startedAt: number,
  ) {
    this.phase = tls === undefined ? 'serving' : 'handshake'
    this.state =
      BIO_NEEDS_READ | CAN_WRITE_SSL | CAN_WRITE_PORT | (tls === undefined ? 0 : HANDSHAKE_NEEDED)
  }

  /** When the client has to be checked again at the latest, in milliseconds of `performance.now()`. */
  get deadline(): number {
    const { phase, connection } = this
    const own =
      phase === 'serving' && connection !== undefined ? connection.deadline : this.phaseDeadline
    return this.buffers === 'kept' ? Math.min(own, this.lastTurn + BUFFER_TIME) : own
  }
}
