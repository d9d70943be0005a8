import { concatenate, type OctetVector } from '@h2lab/octets'

/** What a header block is good for, as far as its first frame and the stream's state say. */
export type BlockPurpose =
  /** It opens a stream. */
  | 'request'
  /** It ends a request. */
  | 'trailers'
  /** It has no effect, but on the decoder. */
  | 'ignored'
  /** HEADERS where the stream's state allows none: a stream error STREAM_CLOSED. */
  | 'on an ended stream'
  /** HEADERS in the middle of a message, or a stream that depends on itself: PROTOCOL_ERROR. */
  | 'malformed'

/** A header block that arrives in more than one frame, RFC 9113 section 4.3. */
export class HeaderBlock {
  readonly streamId: number
  readonly purpose: BlockPurpose
  readonly endStream: boolean
  readonly #fragments: OctetVector[]

  /** @param fragment the first; kept */
  constructor(streamId: number, purpose: BlockPurpose, endStream: boolean, fragment: OctetVector) {
    this.streamId = streamId
    this.purpose = purpose
    this.endStream = endStream
    this.#fragments = [fragment]
  }

  /** How many CONTINUATION frames there were. */
  get continuations(): number {
    return this.#fragments.length - 1
  }

  /** Takes the next fragment; it is kept. */
  add(fragment: OctetVector): void {
    this.#fragments.push(fragment)
  }

  /** Returns all of it. */
  octets(): OctetVector {
    return concatenate(...this.#fragments)
  }
}
