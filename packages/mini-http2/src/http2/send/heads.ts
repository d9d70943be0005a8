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
 * Sends the HEADERS frames of a connection: heads of responses, informational ones and trailers.
 *
 * Applications give most of their responses the same fields, but for `content-length`. Checking and encoding these is
 * most of the work for a short response, so a recent head is remembered: as it was given, and as it was encoded.
 * `npm run bench` (connection) has such a response.
 */
export class Heads {
  readonly #output: OutputBuffer
  readonly #peer: PeerSettings
  readonly #ownerCall: OwnerCall
  readonly #date: DateField | undefined
  readonly #encoder = new Encoder()
  /** The head of a response that may come again. */
  #repeated: RepeatedHead | undefined
  /** How many heads in a row were not that one. */
  #misses = 0

  /** @param date what final responses get unless they have it; undefined: nothing */
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

  /** Takes over the client's SETTINGS_HEADER_TABLE_SIZE, in octets. */
  setTableSize(size: number): void {
    this.#encoder.setPeerMaxTableSize(size)
  }

  /** Whether blocks that were encoded elsewhere can be sent: an update of the table has to go before. */
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
   * @param addsDate whether a final response's head gets a `date` unless it has one; a prebuilt one does not
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

  /** Tells whether the head that is remembered is this one, and would be encoded in the same way. */
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
   * Sends the head that is remembered.
   *
   * @param contentLength what is added to it; undefined: nothing
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
   * Remembers a head that was just sent, if it may come again.
   *
   * @param fields what was given as a list, without a `content-length`
   * @param generation the {@link generation} before the head was sent
   */
  remember(status: number, headers: FieldsInit, fields: FieldList, generation: number): void {
    // At the 1st, 2nd, 4th, 8th ... in a row, so that ever-changing heads cost nothing more.
    this.#misses++
    if ((this.#misses & (this.#misses - 1)) !== 0) return
    // An encoding that has changed the table wouldn't be the same the next time.
    if (this.#encoder.generation !== generation) return
    const date = hasDate(fields) ? undefined : this.#date
    const repeated = RepeatedHead.of(status, headers, fields, this.#encoder, date)
    if (repeated !== undefined) this.#repeated = repeated
  }

  /** Sends the head of a prebuilt response, as it was built if that is possible. */
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

  /** The block at the output's end fits into one frame. */
  #writeFrameHeader(streamId: number, size: number, endStream: boolean): void {
    // The buffer may have moved while it grew: the frame header is counted from the end.
    const end = this.#output.reserve(0)
    const flags = FrameFlag.END_HEADERS | (endStream ? FrameFlag.END_STREAM : 0)
    const start = end - size - FRAME_HEADER_LENGTH
    writeFrameHeader(this.#output.octets, start, size, FrameType.HEADERS, flags, streamId)
  }

  /** The block at the output's end is too long for one frame: the rest goes into CONTINUATION. */
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

/** `:status` of each status as text, since a number would be converted for each response. */
const STATUS_TEXTS: readonly string[] = Array.from({ length: 600 }, (_, status) => String(status))
