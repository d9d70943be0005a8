import {
  concatenate,
  copyOctets,
  type OctetVector,
  type OptionNamesOf,
  octetize,
} from '@h2lab/octets'
import { MisuseError } from '../errors'
import { FrameFlag } from '../frame/frame-flag'
import { DEFAULT_MAX_FRAME_SIZE, makeFrame } from '../frame/frame-header'
import { FrameType } from '../frame/frame-type'
import { encodeWithoutDynamicTable } from '../hpack'
import { checkContentLength, dropForbiddenLength } from '../message/content-length'
import { type FieldList, type FieldsInit, toFieldList } from '../message/fields'
import { checkStatus, statusAllowsBody } from '../message/status'
import { checkOptionNames } from '../options'

/** The input of {@link prebuildResponse}. */
export interface ResponseDescription {
  /** 200 to 599. Default 200. */
  readonly status?: number | undefined
  /** The header fields. `content-length` is added if it is missing. */
  readonly headers?: FieldsInit | undefined
  /** Strings are sent as UTF-8. Default: none. */
  readonly body?: string | OctetVector | undefined
}

const DESCRIPTION: OptionNamesOf<ResponseDescription> = { status: true, headers: true, body: true }

/** Complete frames of a response, ready to be sent except for the stream identifier. */
export interface PrebuiltPart {
  readonly octets: OctetVector
  /** Offsets of the frame headers in `octets`, where the stream identifier is written. */
  readonly frameOffsets: readonly number[]
}

/**
 * A response that is encoded once and can be sent any number of times on any number of connections.
 * Created by {@link prebuildResponse}.
 */
export interface PrebuiltResponse {
  readonly kind: 'prebuilt-response'
  readonly status: number
  /** With lower-case names and without `:status`. */
  readonly headers: FieldList
  readonly body: OctetVector
  /** The encoded fields. They don't use the dynamic table. */
  readonly headerBlock: OctetVector
  /** The frames in order, in parts of at most 65,536 bytes unless the header block is longer. */
  readonly parts: readonly PrebuiltPart[]
}

/** Returns whether a value was created by {@link prebuildResponse} of any build of this package. */
export function isPrebuiltResponse(value: unknown): value is PrebuiltResponse {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as { kind?: unknown }).kind === 'prebuilt-response'
  )
}

/**
 * The maximum size of a part in bytes. Between two parts a connection can wait until its output is
 * taken.
 */
const PART_SIZE = 65_536

/**
 * Encodes a static response: HEADERS, CONTINUATION if necessary, and DATA frames of at most 16,384
 * bytes, which every client accepts (RFC 9113 section 4.2).
 *
 * @throws MisuseError if the status, a field, or a body with that status is not allowed, or
 *   `content-length` is not the length of the body; `INVALID_OPTION` if an option does not exist
 */
export function prebuildResponse(description: ResponseDescription): PrebuiltResponse {
  checkOptionNames(description, DESCRIPTION)
  const status = checkStatus(description.status ?? 200)
  const body = bodyOctets(description.body)
  if (body.length > 0 && !statusAllowsBody(status)) {
    throw new MisuseError('BODY_NOT_ALLOWED', `A response with status ${status} can't have a body.`)
  }
  const given = toFieldList(description.headers ?? [])
  dropForbiddenLength(given, status)
  checkContentLength(given, status, body.length)
  const headers = withContentLength(given, status, body.length)
  const headerBlock = encodeWithoutDynamicTable([[':status', String(status)], ...headers])
  const parts = inParts([
    // One part: no other frame may appear inside a header block (RFC 9113 section 4.3).
    headerFrames(headerBlock, body.length === 0),
    ...dataFrames(body).map((frame) => [frame]),
  ])
  return { kind: 'prebuilt-response', status, headers, body, headerBlock, parts }
}

function bodyOctets(body: string | OctetVector | undefined): OctetVector {
  if (body === undefined) return new Uint8Array(0)
  // A copy, so that later changes have no effect.
  return typeof body === 'string' ? octetize(body) : copyOctets(body)
}

function withContentLength(headers: FieldList, status: number, length: number): FieldList {
  if (!statusAllowsBody(status) || headers.some(([name]) => name === 'content-length')) {
    return headers
  }
  return [...headers, ['content-length', String(length)]]
}

function headerFrames(block: OctetVector, endStream: boolean): OctetVector[] {
  const fragments = inFragments(block)
  return fragments.map((fragment, index) => {
    const first = index === 0
    const last = index === fragments.length - 1
    const flags =
      (first && endStream ? FrameFlag.END_STREAM : 0) | (last ? FrameFlag.END_HEADERS : 0)
    return makeFrame(first ? FrameType.HEADERS : FrameType.CONTINUATION, flags, 0, fragment)
  })
}

function dataFrames(body: OctetVector): OctetVector[] {
  const fragments = inFragments(body)
  return fragments.map((fragment, index) => {
    const last = index === fragments.length - 1
    return makeFrame(FrameType.DATA, last ? FrameFlag.END_STREAM : 0, 0, fragment)
  })
}

function inFragments(octets: OctetVector): OctetVector[] {
  const fragments: OctetVector[] = []
  for (let start = 0; start < octets.length; start += DEFAULT_MAX_FRAME_SIZE) {
    fragments.push(octets.subarray(start, start + DEFAULT_MAX_FRAME_SIZE))
  }
  return fragments
}

/** Combines runs of frames into parts. No run is divided. */
function inParts(runs: readonly (readonly OctetVector[])[]): PrebuiltPart[] {
  const parts: PrebuiltPart[] = []
  let frames: OctetVector[] = []
  for (const run of runs) {
    if (frames.length > 0 && lengthOf(frames) + lengthOf(run) > PART_SIZE) {
      parts.push(toPart(frames))
      frames = []
    }
    frames.push(...run)
  }
  parts.push(toPart(frames))
  return parts
}

function toPart(frames: readonly OctetVector[]): PrebuiltPart {
  const frameOffsets = frames.map((_, index) => lengthOf(frames.slice(0, index)))
  return { octets: concatenate(...frames), frameOffsets }
}

function lengthOf(frames: readonly OctetVector[]): number {
  return frames.reduce((sum, frame) => sum + frame.length, 0)
}
