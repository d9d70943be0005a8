/**
 * Octets in both directions over a connected socket, in blocking mode: the same whether they are encrypted
 * or not. It belongs to one thread.
 */
export interface OctetStream {
  /** The socket's. */
  readonly descriptor: number
  /**
   * Whether octets wait inside, which `poll` on the descriptor can't see: {@link read} then doesn't wait.
   */
  readonly pending: boolean
  /**
   * Waits for octets and reads them into the beginning of `octets`; TLS gives those of one record
   * at most.
   *
   * @param octets not empty
   * @returns how many; 0 at the end of the input
   * @throws SocketTimeoutError, SystemCallError, TlsConnectionError
   */
  read(octets: Uint8Array): number
  /**
   * Writes all octets and waits as long as that takes. After an error it is unknown how many were
   * written.
   *
   * @throws SocketTimeoutError, SystemCallError, TlsConnectionError
   */
  write(octets: Uint8Array): void
  /**
   * Writes octets from `offset` on as far as that needs no waiting. What is left has to be given again,
   * from the same memory, before anything else is written.
   *
   * @returns how many octets were written; 0 if the socket takes none now: poll(2) tells when it does again
   * @throws SystemCallError, TlsConnectionError
   */
  writeAtOnce(octets: Uint8Array, offset: number): number
  /** Tells the peer that no more octets follow; it can go on to send. Never throws because the peer has gone. */
  shutdown(): void
  /** Frees everything and closes the descriptor. May be called again. */
  close(): void
}
