import type { OctetVector } from '@h2lab/octets'
import {
  DEFAULT_MAX_FRAME_SIZE,
  FRAME_HEADER_LENGTH,
  getFrameSize,
} from '../../packages/mini-http2/src/frame/frame-header'
import { type Frame, readFrame } from '../../packages/mini-http2/src/frame/read-frame'
import { Decoder } from '../../packages/mini-http2/src/hpack'
import { check } from './invariant'

/**
 * Parses the output of an endpoint.
 *
 * @throws BrokenInvariant if it does not consist of complete, valid frames
 */
export function outputFrames(output: OctetVector): Frame[] {
  const frames: Frame[] = []
  for (let offset = 0; offset < output.length; ) {
    check(output.length - offset >= FRAME_HEADER_LENGTH, 'output ends with a frame')
    const size = getFrameSize(output, offset)
    check(size <= DEFAULT_MAX_FRAME_SIZE, 'no frame of the output is too large')
    check(offset + FRAME_HEADER_LENGTH + size <= output.length, 'output ends with a frame')
    const result = readFrame(output, offset)
    check(
      result.state === 'read',
      `output is valid: ${result.state === 'invalid' && result.fault.message}`,
    )
    frames.push(result.frame)
    offset += FRAME_HEADER_LENGTH + size
  }
  return frames
}

/**
 * Decodes the header blocks of an endpoint's output in order.
 *
 * @throws BrokenInvariant if one is not valid, or is interrupted
 */
export function checkHeaderBlocks(frames: readonly Frame[]): void {
  const decoder = new Decoder({ maxListSize: 2 ** 30, maxFields: 2 ** 30 })
  let block: Uint8Array[] = []
  for (const frame of frames) {
    if (frame.type !== 'HEADERS' && frame.type !== 'CONTINUATION') {
      check(block.length === 0, 'a header block of the output is not interrupted')
      continue
    }
    block.push(frame.fragment)
    if ((frame.flags & 4) === 0) continue
    const result = decoder.decode(Buffer.concat(block))
    check(result.state === 'decoded', `header blocks of the output are valid: ${result.state}`)
    block = []
  }
  check(block.length === 0, 'header blocks of the output are complete')
}
