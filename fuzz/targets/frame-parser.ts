import { concatenate } from '@h2lab/octets'
import { CLIENT_PREFACE } from '../../packages/mini-http2/src/frame/client-preface'
import {
  DEFAULT_MAX_FRAME_SIZE,
  FRAME_HEADER_LENGTH,
  getFrameSize,
} from '../../packages/mini-http2/src/frame/frame-header'
import { FrameReceiver } from '../../packages/mini-http2/src/frame/frame-receiver'
import { checkFrame, readFrame } from '../../packages/mini-http2/src/frame/read-frame'
import { Input } from '../support/input'
import { check, checkSame } from '../support/invariant'
import { passInPieces, splits } from '../support/pieces'

/*
 * Octets to a receiver of frames:
 *
 *   how they are split (8), how often the target of the frames makes them wait (8), from whom they come (8), octets
 *
 * The frames are those that a loop over the whole input finds. Each is valid or has a fault, wherever it lies.
 */

export function fuzz(octets: Uint8Array): void {
  const input = new Input(octets)
  const split = input.octet()
  const waits = input.octet()
  const side = input.choice(['from server', 'after preface', 'from client'] as const)
  const rest = input.rest()
  const all = side === 'after preface' ? concatenate(CLIENT_PREFACE, rest) : rest
  const expected = side === 'from client' ? afterPreface(all) : framesOf(rest)
  for (const lengths of splits(split)) {
    for (const pattern of [0, waits]) {
      const found = receive(all, lengths, pattern, side !== 'from server')
      checkSame(found, expected, `the frames are the same in pieces of ${lengths}, ${pattern}`)
    }
  }
  for (const digits of expected) {
    if (/^[0-9a-f]+$/.test(digits)) checkRead(Buffer.from(digits, 'hex'))
  }
}

/** Frames as hexadecimal digits, or what ended the input. */
function framesOf(octets: Uint8Array): string[] {
  const found: string[] = []
  let offset = 0
  while (octets.length - offset >= FRAME_HEADER_LENGTH) {
    const size = Buffer.from(octets).readUIntBE(offset, 3)
    if (size > DEFAULT_MAX_FRAME_SIZE) return [...found, `refused ${size}`]
    const end = offset + FRAME_HEADER_LENGTH + size
    if (end > octets.length) break
    found.push(Buffer.from(octets.subarray(offset, end)).toString('hex'))
    offset = end
  }
  return found
}

function afterPreface(octets: Uint8Array): string[] {
  const length = Math.min(octets.length, CLIENT_PREFACE.length)
  const isPreface = Buffer.from(octets.subarray(0, length)).equals(
    CLIENT_PREFACE.subarray(0, length),
  )
  return isPreface ? framesOf(octets.subarray(CLIENT_PREFACE.length)) : ['no preface']
}

function receive(
  octets: Uint8Array,
  lengths: readonly number[],
  pattern: number,
  fromClient: boolean,
): string[] {
  const found: string[] = []
  let ended = false
  let state = pattern
  // Of the pattern 0 always, of others every second time or so.
  const mayGoOn = () => {
    state = (Math.imul(state, 1_103_515_245) + (pattern === 0 ? 0 : 12_345)) & 0x7fffffff
    return ((state >> 16) & 1) === 0
  }
  const receiver = new FrameReceiver(
    {
      receivesNoMore: () => ended,
      mustWait: () => !mayGoOn(),
      allowance: () => (mayGoOn() ? 1 + (pattern & 3) : 0),
      returnAllowance: (unused) => check(unused >= 0, 'no more is returned than was allowed'),
      processFrame: (all, offset) => {
        const end = offset + FRAME_HEADER_LENGTH + getFrameSize(all, offset)
        check(end <= all.length, 'a frame is complete')
        found.push(Buffer.from(all.subarray(offset, end)).toString('hex'))
      },
      refuseFrame: (size) => {
        found.push(`refused ${size}`)
        ended = true
      },
      refusePreface: () => {
        found.push('no preface')
        ended = true
      },
    },
    fromClient ? 'from client' : 'from server',
  )
  passInPieces(octets, lengths, (piece) => {
    receiver.receive(piece)
    // Sometimes more arrives while input waits.
    if ((pattern & 0x40) === 0) resume()
  })
  resume()
  return found

  function resume(): void {
    for (let times = 0; receiver.isPaused && !ended; times++) {
      check(times < 20 * octets.length + 1000, 'held input goes on')
      receiver.resume()
    }
  }
}

function checkRead(frame: Uint8Array): void {
  const result = readFrame(frame)
  const fault = checkFrame(frame, 0)
  checkSame(
    result.state === 'invalid' ? result.fault : undefined,
    fault,
    'both find the same fault',
  )
  const larger = concatenate(Buffer.alloc(5, 0xff), frame, Buffer.alloc(300, 0xff))
  checkSame(readFrame(larger, 5), result, 'the offset changes nothing')
  if (result.state === 'invalid') {
    check(result.fault.message.length > 0, 'a fault has a message')
    return
  }
  const read = result.frame
  if (read.type === 'DATA' || read.type === 'HEADERS' || read.type === 'PUSH_PROMISE') {
    const content = read.type === 'DATA' ? read.data : read.fragment
    const padding = read.padding === undefined ? 0 : read.padding + 1
    const priority = read.type === 'HEADERS' && read.priority !== undefined ? 5 : 0
    const promised = read.type === 'PUSH_PROMISE' ? 4 : 0
    const length = content.length + padding + priority + promised
    check(length === frame.length - FRAME_HEADER_LENGTH, 'the parts of a frame are all of it')
  }
}
