import type { Connection } from '@h2lab/mini-http2/protocol'
import type { OctetVector } from '@h2lab/octets'
import type { MemoryTlsConnection } from '@h2lab/tls-context/native'
import { BIO_NEEDS_READ, CAN_WRITE_PORT, CAN_WRITE_SSL, HANDSHAKE_NEEDED } from './client-state'

/**
 * What becomes of a client: its TLS handshake; its requests; the last output of its connection; the
 * wait for it to close its side, since closing with unread input would reset the connection, and the
 * reset may overtake the GOAWAY frame or alert that says why; and nothing more.
 */
export type ClientPhase = 'handshake' | 'serving' | 'flushing' | 'lingering' | 'closed'

export const NO_OCTETS: OctetVector = new Uint8Array(0)

/** How long OpenSSL's buffers are kept for a client's next records, in milliseconds: some round trips. */
export const BUFFER_TIME = 500

/** One client: a descriptor, a TLS connection if there is one, and a protocol's connection. */
export class Client {
  /** A sum of the bits of `client-state`. */
  state: number
  phase: ClientPhase
  /** The protocol side; there is none before the TLS handshake is done. */
  connection: Connection | undefined
  /** A run of the connection, the octets from `encryptFrom` on not yet encrypted. */
  toEncrypt = NO_OCTETS
  encryptFrom = 0
  /** How many octets were encrypted since the last move to the write buffer. */
  encrypted = 0
  /**
   * The octets from `writeFrom` up to `writeTo` are not yet written. With TLS it is the loop's write buffer
   * while an action runs, else a run of the connection.
   */
  toWrite = NO_OCTETS
  writeFrom = 0
  writeTo = 0
  /** The last write has left the socket full, or the client's turn over: what is there to write has to wait. */
  isBehind = false
  /** The client has sent its last octet. */
  inputEnded = false
  /** The poller has said that the end has come, though octets may be before it. */
  endReported = false
  /** How many more octets may be read, and written, before it is others' turn. */
  readAllowance = 0
  writeAllowance = 0
  /** When a phase other than `serving` ends, in milliseconds of `performance.now()`. */
  phaseDeadline = Number.POSITIVE_INFINITY
  /** When `flushing` ends at the latest, whatever progress it makes; set when it begins. */
  flushEnd = Number.POSITIVE_INFINITY
  /** Its place among the deadlines: see `Deadlines`. */
  dueAt = 0
  heapIndex = -1
  /** Whether the loop knows already that a handler has produced output. */
  woken = false
  /** The window of time in which it was last served, see `Gathering`. */
  window = 0
  /** Whether OpenSSL keeps its buffers for this client's next records: see `BusyClients`. */
  buffers: 'released' | 'kept' = 'released'
  /** When it was last served, in milliseconds of `performance.now()`; at first long ago. */
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

  /** When something has to be done for it at the latest, in milliseconds of `performance.now()`. */
  get deadline(): number {
    const { phase, connection } = this
    const own =
      phase === 'serving' && connection !== undefined ? connection.deadline : this.phaseDeadline
    return this.buffers === 'kept' ? Math.min(own, this.lastTurn + BUFFER_TIME) : own
  }
}
