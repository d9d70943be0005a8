import type { OctetVector } from '@h2lab/octets'
import type { FieldList } from '../message/fields'

/** Events of a client connection. */
export interface ClientEvents {
  /** The header fields of a response or an informational response, or trailers. */
  onHeaders?(streamId: number, status: number, fields: FieldList): void
  /** A part of a body, borrowed for the call. */
  onData?(streamId: number, octets: OctetVector): void
  /** A response is complete. */
  onEnd?(streamId: number, status: number): void
  /** The server has reset a stream. */
  onReset?(streamId: number, errorCode: number): void
  /**
   * The data received on a stream is not a valid response, RFC 9113 section 8.1.1. The client has
   * reset the stream.
   *
   * @param reason such as `DATA before HEADERS`
   */
  onMalformed?(streamId: number, reason: string): void
  /** The server starts to shut the connection down. */
  onGoaway?(lastStreamId: number, errorCode: number): void
}
