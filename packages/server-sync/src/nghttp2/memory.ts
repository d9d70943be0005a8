import { nghttp2, type Pointer } from './library'

/** Longer than names and values usually are; longer ones get memory of their own. In octets. */
const SCRATCH_LENGTH = 4096

const scratch = Buffer.allocUnsafeSlow(SCRATCH_LENGTH)

/** Reads octets that C has as text of Latin-1. */
export function readText(address: Pointer, length: number): string {
  const target = length <= SCRATCH_LENGTH ? scratch : Buffer.allocUnsafe(length)
  nghttp2().memcpy(target, address, length)
  return target.toString('latin1', 0, length)
}

/** `nghttp2_frame_hd`: the length, `size_t`; the stream, `int32_t`; type and flags, an octet each. */
const FRAME_HEAD_LENGTH = 14

/** What a received frame's header says. Overwritten by the next {@link readFrameHead}. */
export const frameHead = {
  get streamId(): number {
    return headOctets.readInt32LE(8)
  },
  get type(): number {
    return headOctets[12]!
  },
  get flags(): number {
    return headOctets[13]!
  },
}

const headOctets = Buffer.alloc(FRAME_HEAD_LENGTH)

/** Reads an `nghttp2_frame`'s header into {@link frameHead}. */
export function readFrameHead(frame: Pointer): void {
  nghttp2().memcpy(headOctets, frame, FRAME_HEAD_LENGTH)
}
