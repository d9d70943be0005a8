import { copyOctets, type OctetVector, OutputBuffer } from '@h2lab/octets'
import { FrameFlag } from '../../frame/frame-flag'
import { FRAME_HEADER_LENGTH, writeFrameHeader } from '../../frame/frame-header'
import { FrameType } from '../../frame/frame-type'
import { fieldSize } from '../../hpack'
import { areFieldPairs, type FieldList, type FieldsInit } from '../../message/fields'
import type { ConnectionCore } from '../connection-core'
import { DATE_SIZE, hasDate } from './date-field'
import { listSizeLimit } from './header-list-limit'

/*
 * Applications give most of their responses the same fields, but for `content-length`. Checking and
 * encoding these is most of the work for a short response, so the connection remembers the last head:
 * as it was given, and as it was encoded. `npm run bench` (connection) has such a response.
 */

/** What `content-length` adds to a header list at most, in octets as RFC 9113 section 6.5.2 counts. */
const CONTENT_LENGTH_SIZE = fieldSize(['content-length', String(Number.MAX_SAFE_INTEGER)])

/** Longer blocks are not worth their memory on every connection, in octets. */
const LONGEST_BLOCK = 256

/** The head that was sent last. It has no `content-length` of its own, and its `date` is that of the moment. */
export class RepeatedHead {
  readonly #status: number
  /** The names and values as they were given, in turn. */
  readonly #given: readonly unknown[]
  /** The encoder's generation in which the block is right. */
  readonly #generation: number
  /** The encoded fields, `:status` and `date` too. */
  readonly block: OctetVector
  /** Of the `date` that was added; undefined if none was. */
  readonly #dateVersion: number | undefined
  /** As RFC 9113 section 6.5.2 counts, in octets. */
  readonly #listSize: number

  constructor(
    status: number,
    given: readonly unknown[],
    block: OctetVector,
    generation: number,
    fields: FieldList,
    dateVersion: number | undefined,
  ) {
    this.#status = status
    this.#given = given
    this.block = block
    this.#generation = generation
    this.#dateVersion = dateVersion
    this.#listSize = fields.reduce((size, field) => size + fieldSize(field), DATE_SIZE)
  }

  /** Tells whether the same was given, and would be encoded in the same way. Hot path. */
  matches(core: ConnectionCore, status: number, headers: FieldsInit): boolean {
    if (status !== this.#status || core.encoder.generation !== this.#generation) return false
    if (core.encoder.hasPendingUpdate) return false
    const version = this.#dateVersion
    if (version !== undefined && core.options.date?.update(core.busy) !== version) return false
    if (this.#listSize + CONTENT_LENGTH_SIZE > listSizeLimit(core.peer.maxHeaderListSize))
      return false
    const given = this.#given
    let index = 0
    if (areFieldPairs(headers)) {
      // Others may yield their pairs only once.
      if (!Array.isArray(headers)) return false
      for (const pair of headers) {
        if (pair.length !== 2) return false
        if (pair[0] !== given[index] || pair[1] !== given[index + 1]) return false
        index += 2
      }
    } else {
      // What is inherited doesn't match, since it wasn't remembered.
      for (const name in headers) {
        if (name !== given[index] || headers[name] !== given[index + 1]) return false
        index += 2
      }
    }
    return index === given.length
  }
}

/** Sends the head that was remembered, with a `content-length` of its own. Hot path. */
export function sendRepeatedHead(
  core: ConnectionCore,
  streamId: number,
  { block }: RepeatedHead,
  contentLength: number | undefined,
  endStream: boolean,
): void {
  const { output, encoder } = core
  const before = output.length
  const offset = output.reserve(FRAME_HEADER_LENGTH + block.length)
  output.octets.set(block, offset + FRAME_HEADER_LENGTH)
  if (contentLength !== undefined) {
    encoder.encodeField(output, 'content-length', String(contentLength))
  }
  const size = output.length - before - FRAME_HEADER_LENGTH
  const start = output.reserve(0) - size - FRAME_HEADER_LENGTH
  const flags = FrameFlag.END_HEADERS | (endStream ? FrameFlag.END_STREAM : 0)
  writeFrameHeader(output.octets, start, size, FrameType.HEADERS, flags, streamId)
  core.headMisses = 0
}

/**
 * Remembers a head that was just sent, if it may come again.
 *
 * @param headers as they were given
 * @param fields the same as a list, without a `content-length`
 * @param generation the encoder's before the head was sent
 */
export function rememberHead(
  core: ConnectionCore,
  status: number,
  headers: FieldsInit,
  fields: FieldList,
  generation: number,
): void {
  // At the 1st, 2nd, 4th, 8th ... in a row, so that ever-changing heads cost nothing more.
  core.headMisses++
  if ((core.headMisses & (core.headMisses - 1)) !== 0) return
  // An encoding that has changed the table wouldn't be the same the next time.
  if (core.encoder.generation !== generation) return
  const given = flatten(headers)
  if (given === undefined) return
  const output = new OutputBuffer()
  const list: FieldList = [[':status', String(status)], ...fields]
  const { date } = core.options
  const adds = date !== undefined && !hasDate(fields)
  core.encoder.encode(output, adds ? [...list, ['date', date.text]] : list)
  const block = copyOctets(output.take()!)
  if (block.length > LONGEST_BLOCK) return
  const version = adds ? date.version : undefined
  core.repeatedHead = new RepeatedHead(status, given, block, generation, list, version)
}

/** Names and values in turn; undefined if there is anything but names with one value. */
function flatten(headers: FieldsInit): unknown[] | undefined {
  const list: unknown = areFieldPairs(headers) ? headers : Object.entries(headers)
  if (!Array.isArray(list)) return undefined
  const pairs = list as readonly (readonly unknown[])[]
  if (pairs.some((pair) => pair.length !== 2 || typeof pair[1] === 'object')) return undefined
  return pairs.flat()
}
