/*
 * The part of uWebSockets.js that is used here, as its documentation has it. What it calls
 * RecognizedString is text or octets.
 */

/** The library, native. */
export interface UwsLibrary {
  App(): UwsApp
  SSLApp(options: UwsTlsOptions): UwsApp
  us_listen_socket_close(socket: UwsListenSocket): void
  us_socket_local_port(socket: UwsListenSocket): number
}

export interface UwsTlsOptions {
  readonly cert_file_name: string
  readonly key_file_name: string
}

/** A listening socket: nothing can be seen of it. */
export type UwsListenSocket = object

export interface UwsApp {
  any(pattern: string, handler: UwsHandler): UwsApp
  head(pattern: string, handler: UwsHandler): UwsApp
  /** Calls back before it returns, with false if it can't listen. */
  listen(
    host: string,
    port: number,
    options: number,
    callback: (socket: UwsListenSocket | false) => void,
  ): UwsApp
  /** Closes all sockets, those that listen too. */
  close(): UwsApp
}

export type UwsHandler = (response: UwsHttpResponse, request: UwsHttpRequest) => void

/** Valid during the call that hands it out only. */
export interface UwsHttpRequest {
  getCaseSensitiveMethod(): string
  /** The path without the query. */
  getUrl(): string
  getQuery(): string | undefined
  forEach(callback: (lowerCaseName: string, value: string) => void): void
}

/** Throws at every call once the response is complete or the client gone. */
export interface UwsHttpResponse {
  writeStatus(status: string): UwsHttpResponse
  writeHeader(name: string, value: string | Uint8Array): UwsHttpResponse
  /** Sends a chunk, and keeps what the socket doesn't take; then it returns false. */
  write(chunk: string | Uint8Array): boolean
  end(body?: string | Uint8Array): UwsHttpResponse
  /** Ends without `content-length`. */
  endWithoutBody(): UwsHttpResponse
  /**
   * Sends what the socket takes of a body with `content-length`, and keeps nothing.
   *
   * @returns whether all of it was taken, and whether the response is complete
   */
  tryEnd(bodyOrRest: string | Uint8Array, totalSize: number): [taken: boolean, done: boolean]
  /** Octets of the body that were sent. */
  getWriteOffset(): number
  onWritable(callback: (offset: number) => boolean): UwsHttpResponse
  onAborted(callback: () => void): UwsHttpResponse
  /** The chunk is valid during the call only. */
  onData(callback: (chunk: ArrayBuffer, isLast: boolean) => void): UwsHttpResponse
  pause(): void
  resume(): void
  /** Closes the connection. */
  close(): UwsHttpResponse
  /** What is written during the callback goes out by one write. */
  cork(callback: () => void): UwsHttpResponse
}
