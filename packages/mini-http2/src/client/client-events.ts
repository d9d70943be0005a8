import type { OctetVector } from '@h2lab/octets'
import type { FieldList } from '../message/fields'

/** What a client connection tells its owner. */
export interface ClientEvents {
  /** A response's header fields, or an informational response's, or trailers. */
  onHeaders?(streamId: number, status: number, fields: FieldList): void
  /** Some octets of a body, borrowed for the call. */
  onData?(streamId: number, octets: OctetVector): void
  /** A response is complete. */
  onEnd?(streamId: number, status: number): void
  /** The server gave a stream up. */
  onReset?(streamId: number, errorCode: number): void
  /**
   * What came on a stream is no response, RFC 9113 section 8.1.1: the client has reset it.
   *
   * @param reason as `DATA before HEADERS`
   */
  onMalformed?(streamId: number, reason: string): void
  /** The server opens the end of the connection. */
  onGoaway?(lastStreamId: number, errorCode: number): void
}
