import { FrameFlag, FrameType, makeFrame } from '@h2lab/mini-http2/frames'

/*
 * Frames as a hostile client makes them: nothing is checked. RFC 9113 section 6.
 */

export type Octets = Uint8Array

const NONE = new Uint8Array(0)

export interface HeadersOptions {
  /** Whether the request ends with it. Default true. */
  readonly end?: boolean
  /** Whether the header block ends with it. Default true. */
  readonly whole?: boolean
}

export function headers(streamId: number, block: Octets, options: HeadersOptions = {}): Octets {
  const { end = true, whole = true } = options
  const flags = (end ? FrameFlag.END_STREAM : 0) | (whole ? FrameFlag.END_HEADERS : 0)
  return makeFrame(FrameType.HEADERS, flags, streamId, block)
}

export function continuation(streamId: number, block: Octets, whole = false): Octets {
  return makeFrame(FrameType.CONTINUATION, whole ? FrameFlag.END_HEADERS : 0, streamId, block)
}

/** A header block of any length: HEADERS, and as many CONTINUATION frames as it needs. */
export function headerBlock(streamId: number, block: Octets, end = true): Octets[] {
  const most = 16_384
  const pieces: Octets[] = []
  for (let offset = 0; offset < block.length; offset += most) {
    const piece = block.subarray(offset, offset + most)
    const whole = offset + most >= block.length
    pieces.push(
      offset === 0
        ? headers(streamId, piece, { end, whole })
        : continuation(streamId, piece, whole),
    )
  }
  return pieces
}

export function data(streamId: number, octets: Octets = NONE, end = false): Octets {
  return makeFrame(FrameType.DATA, end ? FrameFlag.END_STREAM : 0, streamId, octets)
}

/** DATA of one octet behind 255 octets of padding. */
export function paddedData(streamId: number): Octets {
  const payload = new Uint8Array(257)
  payload[0] = 255
  return makeFrame(FrameType.DATA, FrameFlag.PADDED, streamId, payload)
}

export function rstStream(streamId: number, code = 8): Octets {
  return makeFrame(FrameType.RST_STREAM, 0, streamId, uint32(code))
}

export function windowUpdate(streamId: number, increment: number): Octets {
  return makeFrame(FrameType.WINDOW_UPDATE, 0, streamId, uint32(increment))
}

/** @param weight 0 to 255 */
export function priority(streamId: number, dependsOn: number, weight = 15): Octets {
  const payload = new Uint8Array(5)
  payload.set(uint32(dependsOn))
  payload[4] = weight
  return makeFrame(FrameType.PRIORITY, 0, streamId, payload)
}

export function ping(ack = false): Octets {
  return makeFrame(FrameType.PING, ack ? FrameFlag.ACK : 0, 0, new Uint8Array(8))
}

/** @param entries identifiers and values, in order and as often as wanted */
export function settings(entries: readonly (readonly [number, number])[] = []): Octets {
  const payload = new Uint8Array(entries.length * 6)
  entries.forEach(([identifier, value], index) => {
    payload[index * 6] = identifier >>> 8
    payload[index * 6 + 1] = identifier
    payload.set(uint32(value), index * 6 + 2)
  })
  return makeFrame(FrameType.SETTINGS, 0, 0, payload)
}

export function goaway(): Octets {
  return makeFrame(FrameType.GOAWAY, 0, 0, new Uint8Array(8))
}

/** PRIORITY_UPDATE, RFC 9218 section 7.1. */
export function priorityUpdate(streamId: number, value: string): Octets {
  const text = new TextEncoder().encode(value)
  const payload = new Uint8Array(4 + text.length)
  payload.set(uint32(streamId))
  payload.set(text, 4)
  return makeFrame(FrameType.PRIORITY_UPDATE, 0, 0, payload)
}

/** A frame of any type. */
export function anyFrame(type: number, flags: number, streamId: number, payload = NONE): Octets {
  return makeFrame(type, flags, streamId, payload)
}

export function uint32(value: number): Octets {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}
