/*
 * The part of uWebSockets.js used here, according to its documentation. Its RecognizedString is text or octets.
 */

/** The native library. */
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

/** A listening socket, which is opaque. */
export type UwsListenSocket = object

export interface UwsApp {
  any(pattern: string, handler: UwsHandler): UwsApp
  head(pattern: string, handler: UwsHandler): UwsApp
  /** Calls back before it returns, with false if listening fails. */
  listen(
    host: string,
    port: number,
    options: number,
    callback: (socket: UwsListenSocket | false) => void,
  ): UwsApp
  /** Closes all sockets, including listening ones. */
  close(): UwsApp
}

export type UwsHandler = (response: UwsHttpResponse, request: UwsHttpRequest) => void

/** Only valid during the call that passes it. */
export interface UwsHttpRequest {
  getCaseSensitiveMethod(): string
  /** The path without the query. */
  getUrl(): string
  getQuery(): string | undefined
  forEach(callback: (lowerCaseName: string, value: string) => void): void
}

/** Every method throws once the response is complete or the client is gone. */
export interface UwsHttpResponse {
  writeStatus(status: string): UwsHttpResponse
  writeHeader(name: string, value: string | Uint8Array): UwsHttpResponse
  /** Sends a chunk. Buffers what the socket does not accept, and then returns false. */
  write(chunk: string | Uint8Array): boolean
  end(body?: string | Uint8Array): UwsHttpResponse
  /** Ends without `content-length`. */
  endWithoutBody(): UwsHttpResponse
  /**
   * Sends as much of a body with `content-length` as the socket accepts. Buffers nothing.
   *
   * @returns whether all of it was accepted, and whether the response is complete
   */
  tryEnd(bodyOrRest: string | Uint8Array, totalSize: number): [taken: boolean, done: boolean]
  /** How many octets of the body were sent. */
  getWriteOffset(): number
  onWritable(callback: (offset: number) => boolean): UwsHttpResponse
  onAborted(callback: () => void): UwsHttpResponse
  /** The chunk is only valid during the call. */
  onData(callback: (chunk: ArrayBuffer, isLast: boolean) => void): UwsHttpResponse
  pause(): void
  resume(): void
  /** Closes the connection. */
  close(): UwsHttpResponse
  /** Everything written during the callback is sent with one write. */
  cork(callback: () => void): UwsHttpResponse
}
