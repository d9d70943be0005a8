import type { OutputBuffer } from '@h2lab/octets'
import { FrameFlag } from '../../frame/frame-flag'
import {
  DEFAULT_MAX_FRAME_SIZE,
  FRAME_HEADER_LENGTH,
  writeFrameHeader,
} from '../../frame/frame-header'
import { FrameType } from '../../frame/frame-type'
import { Encoder } from '../../hpack'
import type { FieldList, FieldsInit } from '../../message/fields'
import type { PrebuiltResponse } from '../../prebuilt/prebuild-response'
import { type DateField, hasDate } from '../date-field'
import type { OwnerCall } from '../owner-call'
import type { PeerSettings } from '../settings'
import { RepeatedHead } from './repeated-head'

/**
 * Sends the HEADERS frames of a connection: heads of responses, informational responses and
 * trailers.
 *
 * Most responses of an application have the same fields, except for `content-length`. Checking and
 * encoding them is most of the work for a short response, so a recent head is cached, both as given
 * and as encoded. Benchmark: `npm run bench` (connection).
 */
export class Heads {
  readonly #output: OutputBuffer
  readonly #peer: PeerSettings
  readonly #ownerCall: OwnerCall
  readonly #date: DateField | undefined
  readonly #encoder = new Encoder()
  /** The cached head. */
  #repeated: RepeatedHead | undefined
  /** The number of consecutive heads that didn't match the cached one. */
  #misses = 0

  /** @param date added to final responses that have none; undefined to add none */
  constructor(
    output: OutputBuffer,
    peer: PeerSettings,
    ownerCall: OwnerCall,
    date: DateField | undefined,
  ) {
    this.#output = output
    this.#peer = peer
    this.#ownerCall = ownerCall
    this.#date = date
  }

  /** Applies the client's SETTINGS_HEADER_TABLE_SIZE, in octets. */
  setTableSize(size: number): void {
    this.#encoder.setPeerMaxTableSize(size)
  }

  /** Whether prebuilt blocks can be sent. A pending table size update must be sent first. */
  get takesBlocks(): boolean {
    return !this.#encoder.hasPendingUpdate
  }

  /** Changes with the encoder's dynamic table. */
  get generation(): number {
    return this.#encoder.generation
  }

  /**
   * Sends a header block.
   *
   * @param status undefined for trailers
   * @param addsDate whether the head of a final response gets a `date` if it has none; false for a
   *   prebuilt one
   */
  send(
    streamId: number,
    status: number | undefined,
    fields: FieldList,
    endStream: boolean,
    addsDate = true,
  ): void {
    const output = this.#output
    const encoder = this.#encoder
    const before = output.length
    output.reserve(FRAME_HEADER_LENGTH)
    encoder.beginBlock(output)
    if (status !== undefined) encoder.encodeField(output, ':status', STATUS_TEXTS[status]!)
    for (const field of fields) encoder.encodeField(output, field[0], field[1], field[2])
    if (addsDate && status !== undefined && status >= 200) this.#addDate(fields)
    const size = output.length - before - FRAME_HEADER_LENGTH
    if (size > this.#peer.maxFrameSize) this.#split(streamId, size, endStream)
    else this.#writeFrameHeader(streamId, size, endStream)
  }

  /** Returns whether the cached head is the same and would be encoded in the same way. */
  remembers(status: number, headers: FieldsInit): boolean {
    const repeated = this.#repeated
    if (repeated === undefined || this.#encoder.hasPendingUpdate) return false
    const announced = this.#peer.maxHeaderListSize
    if (!repeated.matches(status, headers, this.#encoder.generation, announced)) return false
    const { dateVersion } = repeated
    return (
      dateVersion === undefined || this.#date?.update(this.#ownerCall.isUnderWay) === dateVersion
    )
  }

  /**
   * Sends the cached head.
   *
   * @param contentLength added to the head; undefined to add none
   */
  sendRemembered(streamId: number, contentLength: number | undefined, endStream: boolean): void {
    const output = this.#output
    const { block } = this.#repeated!
    const before = output.length
    const offset = output.reserve(FRAME_HEADER_LENGTH + block.length)
    output.octets.set(block, offset + FRAME_HEADER_LENGTH)
    if (contentLength !== undefined) {
      this.#encoder.encodeField(output, 'content-length', String(contentLength))
    }
    this.#writeFrameHeader(streamId, output.length - before - FRAME_HEADER_LENGTH, endStream)
    this.#misses = 0
  }

  /**
   * Caches a head that was just sent, if it may repeat.
   *
   * @param fields the same fields as a list, without `content-length`
   * @param generation the {@link generation} before the head was sent
   */
  remember(status: number, headers: FieldsInit, fields: FieldList, generation: number): void {
    // Caches the 1st, 2nd, 4th, 8th ... consecutive miss, so that ever-changing heads cost nothing
    // extra.
    this.#misses++
    if ((this.#misses & (this.#misses - 1)) !== 0) return
    // If encoding has changed the table, the result would be different the next time.
    if (this.#encoder.generation !== generation) return
    const date = hasDate(fields) ? undefined : this.#date
    const repeated = RepeatedHead.of(status, headers, fields, this.#encoder, date)
    if (repeated !== undefined) this.#repeated = repeated
  }

  /** Sends the head of a prebuilt response, unchanged if possible. */
  sendPrebuilt(
    streamId: number,
    { headerBlock, status, headers }: PrebuiltResponse,
    endStream: boolean,
  ): void {
    if (!this.takesBlocks || headerBlock.length > DEFAULT_MAX_FRAME_SIZE) {
      this.send(streamId, status, headers, endStream, false)
      return
    }
    this.#output.reserve(FRAME_HEADER_LENGTH)
    this.#output.append(headerBlock)
    this.#writeFrameHeader(streamId, headerBlock.length, endStream)
  }

  #addDate(fields: FieldList): void {
    const date = this.#date
    if (date === undefined || hasDate(fields)) return
    date.update(this.#ownerCall.isUnderWay)
    this.#encoder.encodeField(this.#output, 'date', date.text)
  }

  /** The block at the end of the output fits into one frame. */
  #writeFrameHeader(streamId: number, size: number, endStream: boolean): void {
    // The buffer may have moved while it grew, so the offset of the frame header is computed from
    // the end.
    const end = this.#output.reserve(0)
    const flags = FrameFlag.END_HEADERS | (endStream ? FrameFlag.END_STREAM : 0)
    const start = end - size - FRAME_HEADER_LENGTH
    writeFrameHeader(this.#output.octets, start, size, FrameType.HEADERS, flags, streamId)
  }

  /**
   * The block at the end of the output is too long for one frame: the rest goes into CONTINUATION.
   */
  #split(streamId: number, size: number, endStream: boolean): void {
    const output = this.#output
    const { maxFrameSize } = this.#peer
    const end = output.reserve(0)
    const block = output.octets.slice(end - size, end)
    output.unreserve(size + FRAME_HEADER_LENGTH)
    for (let start = 0; start < size; start += maxFrameSize) {
      const fragment = block.subarray(start, start + maxFrameSize)
      const first = start === 0
      const last = start + fragment.length === size
      const flags =
        (first && endStream ? FrameFlag.END_STREAM : 0) | (last ? FrameFlag.END_HEADERS : 0)
      const type = first ? FrameType.HEADERS : FrameType.CONTINUATION
      const offset = output.reserve(FRAME_HEADER_LENGTH)
      writeFrameHeader(output.octets, offset, fragment.length, type, flags, streamId)
      output.append(fragment)
    }
  }
}

/** The text of each `:status`, to avoid converting a number for each response. */
const STATUS_TEXTS: readonly string[] = Array.from({ length: 600 }, (_, status) => String(status))
