import { concatenate, type OctetVector } from '@h2lab/octets'
import { MisuseError } from '../errors'
import { FrameFlag } from '../frame/frame-flag'
import { DEFAULT_MAX_FRAME_SIZE, makeFrame } from '../frame/frame-header'
import { FrameType } from '../frame/frame-type'
import { encodeWithoutDynamicTable } from '../hpack'
import { DEFAULT_TABLE_SIZE } from '../hpack/dynamic-table'
import type { PreparedRequest } from './request'

/** A dynamic table size update to 0, RFC 7541 section 6.3. */
const SIZE_UPDATE_TO_ZERO: OctetVector = Uint8Array.of(0x20)

/**
 * The header blocks of all requests that were sent. They are made without the dynamic table, so one
 * block serves all connections.
 */
const blocks = new WeakMap<PreparedRequest, OctetVector>()

/** Makes the HEADERS frames of one connection's requests. */
export class RequestEncoder {
  /** Whether the next block has to say that the dynamic table became smaller. */
  #mustShrink = false
  /** Whether it has been said: smaller than 0 it can't become. */
  #hasShrunk = false
  /** The last request and its frame: in most loads there is but one. */
  #request: PreparedRequest | undefined
  #frame: OctetVector | undefined

  /**
   * Takes over the server's SETTINGS_HEADER_TABLE_SIZE. No table is used here, but below its
   * first size the server's decoder waits for a size update: RFC 7541 section 4.2.
   */
  setTableSize(octets: number): void {
    if (octets < DEFAULT_TABLE_SIZE && !this.#hasShrunk) this.#mustShrink = true
  }

  /**
   * Returns a request's frame on stream 0, with END_STREAM unless it has a body. For the same request as
   * last time it is the same frame, so copy it before the stream is written into it.
   *
   * @throws MisuseError `INVALID_FIELD` if the fields don't fit into one frame, or aren't octets
   */
  headersFrame(request: PreparedRequest): OctetVector {
    if (request === this.#request && !this.#mustShrink) return this.#frame!
    const block = blockOf(request)
    if (this.#mustShrink) {
      this.#mustShrink = false
      this.#hasShrunk = true
      return makeHeadersFrame(request, concatenate(SIZE_UPDATE_TO_ZERO, block))
    }
    this.#request = request
    this.#frame = makeHeadersFrame(request, block)
    return this.#frame
  }
}

function blockOf(request: PreparedRequest): OctetVector {
  let block = blocks.get(request)
  if (block === undefined) {
    block = encodeWithoutDynamicTable(request.fields)
    if (block.length >= DEFAULT_MAX_FRAME_SIZE) {
      throw new MisuseError(
        'INVALID_FIELD',
        `The fields of a request have ${block.length} octets when encoded, but less than ${DEFAULT_MAX_FRAME_SIZE} are sent, in one frame.`,
      )
    }
    blocks.set(request, block)
  }
  return block
}

function makeHeadersFrame({ body }: PreparedRequest, block: OctetVector): OctetVector {
  const end = body === undefined ? FrameFlag.END_STREAM : 0
  return makeFrame(FrameType.HEADERS, end | FrameFlag.END_HEADERS, 0, block)
}
