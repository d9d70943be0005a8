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
 * The header blocks of all requests sent so far. They don't use the dynamic table, so a block is
 * valid on every connection.
 */
const blocks = new WeakMap<PreparedRequest, OctetVector>()

/** Makes the HEADERS frames for the requests of one connection. */
export class RequestEncoder {
  /** Whether the next block must start with a dynamic table size update. */
  #mustShrink = false
  /** Whether the update was sent. The size is 0 then and can't shrink further. */
  #hasShrunk = false
  /** The last request and its frame. Most loads repeat a single request. */
  #request: PreparedRequest | undefined
  #frame: OctetVector | undefined

  /**
   * Applies the server's SETTINGS_HEADER_TABLE_SIZE. This encoder uses no dynamic table, but the
   * server's decoder expects a size update if the limit falls below the initial size: RFC 7541
   * section 4.2.
   */
  setTableSize(octets: number): void {
    if (octets < DEFAULT_TABLE_SIZE && !this.#hasShrunk) this.#mustShrink = true
  }

  /**
   * Returns a request's frame on stream 0, with END_STREAM unless it has a body. Repeated calls
   * with the same request return the same frame: copy it before writing the stream ID into it.
   *
   * @throws MisuseError `INVALID_FIELD` if the fields don't fit into one frame, or contain
   *   characters above U+00FF
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
        `The encoded fields of a request have ${block.length} octets, but must have less than ${DEFAULT_MAX_FRAME_SIZE} to fit into one frame.`,
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
