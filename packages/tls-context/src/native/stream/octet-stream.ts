/**
 * A bidirectional stream of octets over a connected socket in blocking mode, encrypted or not. It
 * belongs to one thread.
 */
export interface OctetStream {
  /** The descriptor of the socket. */
  readonly descriptor: number
  /**
   * Whether there is buffered input that `poll` on the descriptor doesn't report. {@link read} then
   * doesn't wait.
   */
  readonly pending: boolean
  /**
   * Waits for input and reads it into the start of `octets`. With TLS, at most one record is read.
   *
   * @param octets not empty
   * @returns how many octets were read; 0 at the end of the input
   * @throws SocketTimeoutError, SystemCallError, TlsConnectionError
   */
  read(octets: Uint8Array): number
  /**
   * Writes all octets, and waits as long as that takes. After an error it is unknown how many were
   * written.
   *
   * @throws SocketTimeoutError, SystemCallError, TlsConnectionError
   */
  write(octets: Uint8Array): void
  /**
   * Writes as many octets from `offset` on as possible without waiting. The rest must be passed
   * again, from the same memory, before anything else is written.
   *
   * @returns how many octets were written; 0 if the socket accepts none now: poll(2) reports when
   *   it does
   * @throws SystemCallError, TlsConnectionError
   */
  writeAtOnce(octets: Uint8Array, offset: number): number
  /**
   * Tells the peer that no more octets follow. The peer may still send. Never throws because the
   * peer has gone.
   */
  shutdown(): void
  /** Frees everything and closes the descriptor. May be called repeatedly. */
  close(): void
}
