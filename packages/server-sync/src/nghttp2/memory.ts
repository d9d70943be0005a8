import { type Address, addressOf } from '@h2lab/tls-context/native'
import { nghttp2 } from './library'

/** `nghttp2_frame_hd`: length (`size_t`), stream (`int32_t`), type and flags (an octet each). */
const FRAME_HEAD_LENGTH = 14

/** The header of a received frame. The next {@link readFrameHead} overwrites it. */
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

const headOctets = Buffer.allocUnsafeSlow(FRAME_HEAD_LENGTH)
let headAddress: Address | undefined

/** Reads the header of an `nghttp2_frame` into {@link frameHead}. */
export function readFrameHead(frame: Address): void {
  headAddress ??= addressOf(headOctets)
  nghttp2().memcpy(headAddress, frame, FRAME_HEAD_LENGTH)
}
