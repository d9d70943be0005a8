import type { OctetVector } from '@h2lab/octets'
import type { ErrorCodeName } from '../frame/error-code'
import type { FieldsInit } from '../message/fields'
import type { PrebuiltResponse } from '../prebuilt/prebuild-response'

/**
 * Strings are sent as UTF-8. Byte arrays are not copied before they are sent: don't modify them.
 */
export type ResponseBody = string | OctetVector

/**
 * The response to a request. Send it as a whole with {@link send} or {@link sendPrebuilt}, or step
 * by step: {@link writeHead}, {@link write} any number of times, {@link end}.
 *
 * All methods throw a MisuseError for a call that HTTP doesn't allow, and then send nothing. After
 * the client has cancelled the request they do nothing.
 */
export interface ServerResponse {
  /** Whether the head was sent. Status and fields can't change any more. */
  readonly headSent: boolean
  /** Whether the response has ended or the client has gone. Nothing more can be sent. */
  readonly ended: boolean

  /**
   * Sends a whole response.
   *
   * @param status 200 to 599
   * @param headers `content-length` is added if it is missing. It is dropped for 204 (RFC 9110
   *   section 8.6). For 304 it may give the length that a 200 response would have
   * @param body counted but not sent for HEAD
   * @throws MisuseError `HEAD_ALREADY_SENT`, `INVALID_STATUS`, `INVALID_FIELD`, `BODY_NOT_ALLOWED`,
   *   `INVALID_BODY`, `CONTENT_LENGTH_MISMATCH`, `HEADER_LIST_TOO_LARGE`
   */
  send(status: number, headers?: FieldsInit, body?: ResponseBody): void

  /**
   * Sends a response that was encoded in advance. This is the fastest way to respond.
   *
   * @throws MisuseError `HEAD_ALREADY_SENT`, `INVALID_PREBUILT`, `HEADER_LIST_TOO_LARGE`;
   *   `INVALID_FIELD` for a response to CONNECT that would open a tunnel but has a `content-length`
   */
  sendPrebuilt(prebuilt: PrebuiltResponse): void

  /**
   * Sends status and header fields. {@link write} and {@link end} send the body.
   *
   * @param headers `content-length`, if given, as for {@link send}
   * @throws MisuseError `HEAD_ALREADY_SENT`, `INVALID_STATUS`, `INVALID_FIELD`,
   *   `CONTENT_LENGTH_MISMATCH`, `HEADER_LIST_TOO_LARGE`
   */
  writeHead(status: number, headers?: FieldsInit): void

  /**
   * Sends a part of the body.
   *
   * @returns whether the client keeps up. If false, wait for {@link drained}: anything written
   *   before that is buffered in memory
   * @throws MisuseError `HEAD_NOT_SENT`, `RESPONSE_ENDED`, `BODY_NOT_ALLOWED`, `INVALID_BODY`,
   *   `CONTENT_LENGTH_MISMATCH`
   */
  write(octets: ResponseBody): boolean

  /** Resolves when little unsent data is left, or the client has gone. */
  drained(): Promise<void>

  /**
   * Ends the response.
   *
   * @param body the last part of the body
   * @param trailers fields after the body; not sent for HEAD
   * @throws MisuseError as {@link write}, and `INVALID_FIELD`, `HEADER_LIST_TOO_LARGE`
   */
  end(body?: ResponseBody, trailers?: FieldsInit): void

  /**
   * Sends an informational response before the final one, RFC 9110 section 15.2.
   *
   * @param status 100 to 199, except 101, which HTTP/2 doesn't support
   * @throws MisuseError `HEAD_ALREADY_SENT`, `INVALID_STATUS`, `INVALID_FIELD`,
   *   `HEADER_LIST_TOO_LARGE`
   */
  informational(status: number, headers?: FieldsInit): void

  /**
   * Cancels the response by sending RST_STREAM.
   *
   * @param code default CANCEL
   */
  reset(code?: ErrorCodeName): void
}
