import type { OctetVector } from '@h2lab/octets'
import type { ErrorCodeName } from '../frame/error-code'
import type { FieldsInit } from '../message/fields'
import type { PrebuiltResponse } from '../prebuilt/prebuild-response'

/** Text is sent as UTF-8. Octets are not copied until they are sent: don't change them. */
export type ResponseBody = string | OctetVector

/**
 * The answer to a request. Either whole, by {@link send} or {@link sendPrebuilt}, or in steps:
 * {@link writeHead}, {@link write} as often as wanted, {@link end}.
 *
 * All throw a MisuseError if HTTP doesn't allow what is asked for, and then send nothing of it. After
 * the client has given the request up they do nothing.
 */
export interface ServerResponse {
  /** Whether the head was sent: status and fields can't be changed any more. */
  readonly headSent: boolean
  /** Whether all was said, or the client is gone: nothing more is sent. */
  readonly ended: boolean

  /**
   * Sends a whole response.
   *
   * @param status 200 to 599
   * @param headers `content-length` is added if it isn't among them. With 204 it is dropped if it is (RFC 9110
   *   section 8.6); with 304 it may say what a 200 would have had
   * @param body for HEAD it is measured but not sent
   * @throws MisuseError `HEAD_ALREADY_SENT`, `INVALID_STATUS`, `INVALID_FIELD`,
   *   `BODY_NOT_ALLOWED`, `INVALID_BODY`, `CONTENT_LENGTH_MISMATCH`, `HEADER_LIST_TOO_LARGE`
   */
  send(status: number, headers?: FieldsInit, body?: ResponseBody): void

  /**
   * Sends a response that was encoded before: the cheapest way to answer.
   *
   * @throws MisuseError `HEAD_ALREADY_SENT`, `INVALID_PREBUILT`, `HEADER_LIST_TOO_LARGE`; `INVALID_FIELD` if it would
   *   open a tunnel, for CONNECT, and has a `content-length`
   */
  sendPrebuilt(prebuilt: PrebuiltResponse): void

  /**
   * Sends status and header fields; the body follows by {@link write} and {@link end}.
   *
   * @param headers `content-length`, if given, is as for {@link send}
   * @throws MisuseError `HEAD_ALREADY_SENT`, `INVALID_STATUS`, `INVALID_FIELD`,
   *   `CONTENT_LENGTH_MISMATCH`, `HEADER_LIST_TOO_LARGE`
   */
  writeHead(status: number, headers?: FieldsInit): void

  /**
   * Sends a part of the body.
   *
   * @returns whether the client keeps up. If not, wait for {@link drained}: what is written
   *   nevertheless is kept in memory
   * @throws MisuseError `HEAD_NOT_SENT`, `RESPONSE_ENDED`, `BODY_NOT_ALLOWED`,
   *   `INVALID_BODY`, `CONTENT_LENGTH_MISMATCH`
   */
  write(octets: ResponseBody): boolean

  /** Resolves when little of what was written still waits, or the client is gone. */
  drained(): Promise<void>

  /**
   * Ends the response.
   *
   * @param body its last part
   * @param trailers fields behind the body; not sent for HEAD
   * @throws MisuseError as {@link write}, and `INVALID_FIELD`, `HEADER_LIST_TOO_LARGE`
   */
  end(body?: ResponseBody, trailers?: FieldsInit): void

  /**
   * Sends an informational response before the final one, RFC 9110 section 15.2.
   *
   * @param status 100 to 199, but not 101, which HTTP/2 does not have
   * @throws MisuseError `HEAD_ALREADY_SENT`, `INVALID_STATUS`, `INVALID_FIELD`, `HEADER_LIST_TOO_LARGE`
   */
  informational(status: number, headers?: FieldsInit): void

  /**
   * Gives the request up: the client gets RST_STREAM.
   *
   * @param code default CANCEL
   */
  reset(code?: ErrorCodeName): void
}
