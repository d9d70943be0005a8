import type { OctetVector } from '@h2lab/octets'
import type { RequestHeaders } from './request-headers'

/** How much of a body is taken into memory at once. */
export interface BodyOptions {
  /**
   * Octets; a longer body rejects with a RequestBodyError `BODY_TOO_LARGE`. Default
   * 1,048,576: enough for forms and JSON, little enough for hundreds at once.
   */
  readonly limit?: number | undefined
}

/** A request's body, which is read once: by iterating, or whole. */
export interface RequestBody extends AsyncIterable<OctetVector> {
  /**
   * Yields the octets as they arrive. The client's window opens as they are taken, so one that
   * reads slowly slows its client down. Leaving the loop early gives the rest up.
   *
   * Rejects with a RequestBodyError `CLIENT_GONE` if the body doesn't come to its end.
   */
  [Symbol.asyncIterator](): AsyncIterator<OctetVector, void>
  /** Reads the whole body. Rejects with a MisuseError `INVALID_OPTION` if an option does not exist. */
  octets(options?: BodyOptions): Promise<OctetVector>
  /** The same, by the name that Fetch has for it. */
  bytes(options?: BodyOptions): Promise<OctetVector>
  /** Reads the whole body as UTF-8; what isn't becomes U+FFFD. */
  text(options?: BodyOptions): Promise<string>
  /**
   * Reads the whole body as JSON. Rejects with a RequestBodyError `INVALID_JSON` if it isn't, whose `cause` is the
   * SyntaxError; a handler that doesn't catch it answers with 400.
   */
  json(options?: BodyOptions): Promise<unknown>
}

/** What a client asks for, RFC 9113 section 8.3.1. */
export interface ServerRequest {
  /** As `GET`; case matters. */
  readonly method: string
  /** `https` or `http`; empty for CONNECT. */
  readonly scheme: string
  /** Host, and port if given, as in the URL. From `:authority`, else from `host`; may be empty. */
  readonly authority: string
  /** Path and query, as `/search?q=octets`, or `*`; empty for CONNECT. */
  readonly path: string
  /** Of an extended CONNECT (RFC 8441), as `websocket`; else undefined. */
  readonly protocol: string | undefined
  readonly headers: RequestHeaders
  readonly body: RequestBody
  /** The fields behind the body; known once the body was read to its end, undefined if there are none. */
  readonly trailers: RequestHeaders | undefined
  /** Aborted when the client gives the request up, or its connection is lost. */
  readonly signal: AbortSignal
}
