import { type Address, addressOf } from '@h2lab/tls-context/native'
import { nghttp2 } from './library'

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

const headOctets = Buffer.allocUnsafeSlow(FRAME_HEAD_LENGTH)
let headAddress: Address | undefined

/** Reads an `nghttp2_frame`'s header into {@link frameHead}. */
export function readFrameHead(frame: Address): void {
  headAddress ??= addressOf(headOctets)
  nghttp2().memcpy(headAddress, frame, FRAME_HEAD_LENGTH)
}
