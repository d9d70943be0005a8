import { makeFrame } from '../../packages/mini-http2/src/frame/frame-header'
import { FrameType } from '../../packages/mini-http2/src/frame/frame-type'
import type { Input } from './input'

/** What happens to a connection under test. */
export type Step =
  /** The peer sends this. */
  | { readonly kind: 'receive'; readonly octets: Uint8Array; readonly type: number | undefined }
  | { readonly kind: 'take' | 'later' | 'drain' | 'endInput' }
  /** Milliseconds pass; undefined: as many as the connection has until its deadline. */
  | { readonly kind: 'wait'; readonly milliseconds: number | undefined }

/** The types of frames by the first octet of a step. More of those that connections mostly get. */
const TYPES = [
  ...Object.values(FrameType),
  FrameType.HEADERS,
  FrameType.HEADERS,
  FrameType.DATA,
  FrameType.CONTINUATION,
  0xbb,
] as const

/** First octets from here on are other actions than frames. */
const ACTIONS = 192
const RAW = 240

/**
 * Reads a step. So an input mostly is a sequence of whole frames, whatever the fuzzer changes in it:
 *
 *   type or action (8), flags (8), stream (8), length (8), payload
 *
 * A length above 250 stands for the payload filled up to a multiple of 4,096 octets.
 */
export function readStep(input: Input): Step {
  const first = input.octet()
  if (first >= RAW) {
    return { kind: 'receive', octets: input.take(input.octet()), type: undefined }
  }
  if (first >= ACTIONS) {
    const kind = (['take', 'take', 'later', 'wait', 'drain', 'endInput'] as const)[first % 6]!
    if (kind !== 'wait') return { kind }
    const time = input.octet()
    return { kind, milliseconds: time < 128 ? 100 * time + 1 : undefined }
  }
  const type = TYPES[first % TYPES.length] as number
  const flags = input.octet()
  const stream = input.octet()
  const length = input.octet()
  const payload = input.take(Math.min(length, 250))
  const filled = length > 250 ? new Uint8Array(4096 * (length - 250)) : payload
  if (filled !== payload) filled.set(payload)
  // The highest octets are streams that hardly exist.
  const streamId = stream < 0xf0 ? stream : 2 ** 31 - 1 - (stream & 0xf)
  return { kind: 'receive', octets: makeFrame(type, flags, streamId, filled), type }
}
