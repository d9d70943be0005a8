import type { OctetVector } from '@h2lab/octets'
import { checkContinuationFrame } from './continuation'
import { checkDataFrame } from './data'
import { type FrameFault, tooLarge } from './frame-fault'
import {
  DEFAULT_MAX_FRAME_SIZE,
  FRAME_HEADER_LENGTH,
  getFrameFlags,
  getFrameSize,
  getFrameType,
  getStreamId,
} from './frame-header'
import { FrameType, type FrameTypeName } from './frame-type'
import {
  checkGoawayFrame,
  GOAWAY_MIN_LENGTH,
  getGoawayErrorCode,
  getGoawayLastStreamId,
} from './goaway'
import { checkHeadersFrame, hasPriority, headersFragmentStart } from './headers'
import { contentEnd, contentStart, paddingLength } from './padding'
import { checkPingFrame } from './ping'
import {
  checkPriorityFrame,
  type PriorityFields,
  priorityFieldsOffset,
  readPriorityFields,
} from './priority'
import {
  checkPriorityUpdateFrame,
  getPrioritizedStreamId,
  getPriorityFieldValue,
} from './priority-update'
import {
  checkPushPromiseFrame,
  getPromisedStreamId,
  pushPromiseFragmentStart,
} from './push-promise'
import { checkRstStreamFrame, getRstStreamErrorCode } from './rst-stream'
import {
  checkSettingsFrame,
  getSettingsCount,
  getSettingsIdentifier,
  getSettingsValue,
} from './settings'
import { checkWindowUpdateFrame, getWindowIncrement } from './window-update'

interface FrameHead {
  readonly flags: number
  readonly streamId: number
}

/** A parsed frame. Its octets are views into the input. */
export type Frame = FrameHead &
  (
    | { readonly type: 'DATA'; readonly data: OctetVector; readonly padding: number | undefined }
    | {
        readonly type: 'HEADERS'
        readonly fragment: OctetVector
        readonly priority: PriorityFields | undefined
        readonly padding: number | undefined
      }
    | { readonly type: 'PRIORITY'; readonly priority: PriorityFields }
    | { readonly type: 'RST_STREAM'; readonly errorCode: number }
    | {
        readonly type: 'SETTINGS'
        readonly settings: readonly (readonly [identifier: number, value: number])[]
      }
    | {
        readonly type: 'PUSH_PROMISE'
        readonly promisedStreamId: number
        readonly fragment: OctetVector
        readonly padding: number | undefined
      }
    | { readonly type: 'PING'; readonly opaqueData: OctetVector }
    | {
        readonly type: 'GOAWAY'
        readonly lastStreamId: number
        readonly errorCode: number
        readonly debugData: OctetVector
      }
    | { readonly type: 'WINDOW_UPDATE'; readonly increment: number }
    | { readonly type: 'CONTINUATION'; readonly fragment: OctetVector }
    | {
        readonly type: 'PRIORITY_UPDATE'
        readonly prioritizedStreamId: number
        readonly priorityFieldValue: string
      }
    | { readonly type: 'UNKNOWN'; readonly typeCode: number; readonly payload: OctetVector }
  )

const NAMES = new Map<number, FrameTypeName>(
  (Object.keys(FrameType) as FrameTypeName[]).map((name) => [FrameType[name], name]),
)

/**
 * Checks that the stream identifier and the length of a frame are valid for its type. Frames of
 * unknown types are always valid. Allocates nothing for a valid frame.
 *
 * @param octets must contain the frame header and the whole payload at `offset`
 */
export function checkFrame(octets: OctetVector, offset: number): FrameFault | undefined {
  // Direct calls: V8 doesn't inline calls through a table.
  switch (getFrameType(octets, offset)) {
    case FrameType.DATA:
      return checkDataFrame(octets, offset)
    case FrameType.HEADERS:
      return checkHeadersFrame(octets, offset)
    case FrameType.PRIORITY:
      return checkPriorityFrame(octets, offset)
    case FrameType.RST_STREAM:
      return checkRstStreamFrame(octets, offset)
    case FrameType.SETTINGS:
      return checkSettingsFrame(octets, offset)
    case FrameType.PUSH_PROMISE:
      return checkPushPromiseFrame(octets, offset)
    case FrameType.PING:
      return checkPingFrame(octets, offset)
    case FrameType.GOAWAY:
      return checkGoawayFrame(octets, offset)
    case FrameType.WINDOW_UPDATE:
      return checkWindowUpdateFrame(octets, offset)
    case FrameType.CONTINUATION:
      return checkContinuationFrame(octets, offset)
    case FrameType.PRIORITY_UPDATE:
      return checkPriorityUpdateFrame(octets, offset)
    default:
      return undefined
  }
}

/** The result of {@link readFrame}. */
export type ReadFrameResult =
  | { readonly state: 'read'; readonly frame: Frame }
  | { readonly state: 'invalid'; readonly fault: FrameFault }

/**
 * Checks and parses a frame, for tools and tests. Connections read the fields in place, without
 * creating objects.
 *
 * @param octets must contain the frame header and the whole payload at `offset`
 * @param maxFrameSize SETTINGS_MAX_FRAME_SIZE of the receiver, in octets
 */
export function readFrame(
  octets: OctetVector,
  offset = 0,
  maxFrameSize = DEFAULT_MAX_FRAME_SIZE,
): ReadFrameResult {
  const type = NAMES.get(getFrameType(octets, offset)) ?? 'UNKNOWN'
  const size = getFrameSize(octets, offset)
  const fault = size > maxFrameSize ? tooLarge(size, maxFrameSize) : checkFrame(octets, offset)
  if (fault !== undefined) return { state: 'invalid', fault }
  return { state: 'read', frame: takeApart(type, octets, offset) }
}

function takeApart(type: Frame['type'], octets: OctetVector, offset: number): Frame {
  const head: FrameHead = {
    flags: getFrameFlags(octets, offset),
    streamId: getStreamId(octets, offset),
  }
  const start = offset + FRAME_HEADER_LENGTH
  const payload = octets.subarray(start, start + getFrameSize(octets, offset))
  const upToPadding = (from: number) => octets.subarray(from, contentEnd(octets, offset))
  const padding = () => paddingLength(octets, offset)
  switch (type) {
    case 'DATA':
      return { type, ...head, data: upToPadding(contentStart(octets, offset)), padding: padding() }
    case 'HEADERS':
      return {
        type,
        ...head,
        fragment: upToPadding(headersFragmentStart(octets, offset)),
        priority: hasPriority(octets, offset)
          ? readPriorityFields(octets, contentStart(octets, offset))
          : undefined,
        padding: padding(),
      }
    case 'PRIORITY':
      return { type, ...head, priority: readPriorityFields(octets, priorityFieldsOffset(offset)) }
    case 'RST_STREAM':
      return { type, ...head, errorCode: getRstStreamErrorCode(octets, offset) }
    case 'SETTINGS':
      return { type, ...head, settings: settingsOf(octets, offset) }
    case 'PUSH_PROMISE':
      return {
        type,
        ...head,
        promisedStreamId: getPromisedStreamId(octets, offset),
        fragment: upToPadding(pushPromiseFragmentStart(octets, offset)),
        padding: padding(),
      }
    case 'PING':
      return { type, ...head, opaqueData: payload }
    case 'GOAWAY':
      return {
        type,
        ...head,
        lastStreamId: getGoawayLastStreamId(octets, offset),
        errorCode: getGoawayErrorCode(octets, offset),
        debugData: payload.subarray(GOAWAY_MIN_LENGTH),
      }
    case 'WINDOW_UPDATE':
      return { type, ...head, increment: getWindowIncrement(octets, offset) }
    case 'CONTINUATION':
      return { type, ...head, fragment: payload }
    case 'PRIORITY_UPDATE':
      return {
        type,
        ...head,
        prioritizedStreamId: getPrioritizedStreamId(octets, offset),
        priorityFieldValue: getPriorityFieldValue(octets, offset),
      }
    case 'UNKNOWN':
      return { type, ...head, typeCode: getFrameType(octets, offset), payload }
  }
}

function settingsOf(octets: OctetVector, offset: number): (readonly [number, number])[] {
  return Array.from({ length: getSettingsCount(octets, offset) }, (_, index) => [
    getSettingsIdentifier(octets, offset, index),
    getSettingsValue(octets, offset, index),
  ])
}
