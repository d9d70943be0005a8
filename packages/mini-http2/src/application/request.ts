import type { OctetVector } from '@h2lab/octets'
import type { RequestHeaders } from './request-headers'

/** Options for reading a whole body. */
export interface BodyOptions {
  /**
   * The maximum length in bytes. A longer body rejects with a RequestBodyError `BODY_TOO_LARGE`.
   * Default 1,048,576: enough for forms and JSON, and small enough for hundreds of bodies at once.
   */
  readonly limit?: number | undefined
}

/** The body of a request. It can be read once: by iterating over it, or as a whole. */
export interface RequestBody extends AsyncIterable<OctetVector> {
  /**
   * Yields the bytes as they arrive. The client's flow-control window opens as they are read, so a
   * slow reader slows its client down. Leaving the loop early discards the rest.
   *
   * Rejects with a RequestBodyError `CLIENT_GONE` if the body ends prematurely.
   */
  [Symbol.asyncIterator](): AsyncIterator<OctetVector, void>
  /** Reads the whole body. Rejects with a MisuseError `INVALID_OPTION` if an option does not exist. */
  octets(options?: BodyOptions): Promise<OctetVector>
  /** Alias of {@link octets}, with the name used by Fetch. */
  bytes(options?: BodyOptions): Promise<OctetVector>
  /** Reads the whole body as UTF-8. Invalid sequences become U+FFFD. */
  text(options?: BodyOptions): Promise<string>
  /**
   * Reads the whole body as JSON. Rejects with a RequestBodyError `INVALID_JSON` if it isn't valid;
   * its `cause` is the SyntaxError. If the handler doesn't catch the error, the client gets status
   * 400.
   */
  json(options?: BodyOptions): Promise<unknown>
}

/** A request, RFC 9113 section 8.3.1. */
export interface ServerRequest {
  /** Such as `GET`. Case-sensitive. */
  readonly method: string
  /** `https` or `http`; empty for CONNECT. */
  readonly scheme: string
  /**
   * Host, and port if given, as in the URL. Taken from `:authority`, or else from `host`. May be
   * empty.
   */
  readonly authority: string
  /** Path and query, such as `/search?q=octets`, or `*`. Empty for CONNECT. */
  readonly path: string
  /** The protocol of an extended CONNECT (RFC 8441), such as `websocket`; otherwise undefined. */
  readonly protocol: string | undefined
  readonly headers: RequestHeaders
  readonly body: RequestBody
  /** The trailer fields. Undefined if there are none, or until the whole body has been read. */
  readonly trailers: RequestHeaders | undefined
  /** Aborted when the client cancels the request or the connection is lost. */
  readonly signal: AbortSignal
}
