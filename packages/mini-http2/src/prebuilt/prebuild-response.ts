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

/** What {@link prebuildResponse} makes a response of. */
export interface ResponseDescription {
  /** 200 to 599: informational responses are never the last. Default 200. */
  readonly status?: number | undefined
  /** The header fields; `content-length` is added if it isn't among them. */
  readonly headers?: FieldsInit | undefined
  /** Text is sent as UTF-8. Default: none. */
  readonly body?: string | OctetVector | undefined
}

const DESCRIPTION: OptionNamesOf<ResponseDescription> = { status: true, headers: true, body: true }

/** Some whole frames of a response, as they are sent but for the stream identifier. */
export interface PrebuiltPart {
  readonly octets: OctetVector
  /** Where in `octets` the frame headers are: there goes the stream identifier. */
  readonly frameOffsets: readonly number[]
}

/**
 * A response encoded once, to be sent any number of times on any number of connections.
 * Made by {@link prebuildResponse}.
 */
export interface PrebuiltResponse {
  readonly kind: 'prebuilt-response'
  readonly status: number
  /** With lower-case names and without `:status`. */
  readonly headers: FieldList
  readonly body: OctetVector
  /** The encoded fields, without use of the dynamic table. */
  readonly headerBlock: OctetVector
  /** Its frames in order, in parts of 65,536 octets at most, unless the header block is longer. */
  readonly parts: readonly PrebuiltPart[]
}

/** Tells whether a value was made by {@link prebuildResponse}, of whichever build. */
export function isPrebuiltResponse(value: unknown): value is PrebuiltResponse {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as { kind?: unknown }).kind === 'prebuilt-response'
  )
}

/**
 * How many octets of frames one part holds before the next begins: between two parts a
 * connection can wait until its output was taken.
 */
const PART_SIZE = 65_536

/**
 * Encodes a static response: HEADERS, with CONTINUATION if they are long, and DATA frames
 * of at most 16,384 octets, which every client accepts (RFC 9113 section 4.2).
 *
 * @throws MisuseError if the status, a field or a body with that status is not allowed, or
 *   if `content-length` is not the body's length; `INVALID_OPTION` if an option does not exist
 */
export function prebuildResponse(description: ResponseDescription): PrebuiltResponse {
  checkOptionNames(description, DESCRIPTION)
  const status = checkStatus(description.status ?? 200)
  const body = bodyOctets(description.body)
  if (body.length > 0 && !statusAllowsBody(status)) {
    throw new MisuseError('BODY_NOT_ALLOWED', `A response with status ${status} has no body.`)
  }
  const given = toFieldList(description.headers ?? [])
  dropForbiddenLength(given, status)
  checkContentLength(given, status, body.length)
  const headers = withContentLength(given, status, body.length)
  const headerBlock = encodeWithoutDynamicTable([[':status', String(status)], ...headers])
  const parts = inParts([
    // In one part: nothing may come between the frames of a header block (RFC 9113 section 4.3).
    headerFrames(headerBlock, body.length === 0),
    ...dataFrames(body).map((frame) => [frame]),
  ])
  return { kind: 'prebuilt-response', status, headers, body, headerBlock, parts }
}

function bodyOctets(body: string | OctetVector | undefined): OctetVector {
  if (body === undefined) return new Uint8Array(0)
  // A copy, so that the response stays as it was encoded.
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

/** Puts runs of frames, none of which is divided, together to parts. */
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
