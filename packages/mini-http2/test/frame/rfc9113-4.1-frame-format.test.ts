import { describe, expect, test } from 'vitest'
import {
  FRAME_HEADER_LENGTH,
  FrameFlag,
  FrameType,
  getFrameFlags,
  getFrameSize,
  getFrameType,
  getStreamId,
  getStreamIdIfEnds,
  MAX_STREAM_ID,
  makeFrame,
  writeFrameHeader,
  writeStreamId,
} from '../../src/frames'
import { dataFrame, headersFrame, hex, rawFrame } from '../support/frames'

describe('a frame header has nine octets:', () => {
  const header = hex('01 23 45  06  89  12 34 56 78')

  test('the first three are the length of the payload', () => {
    expect(getFrameSize(header)).toBe(0x012345)
  })

  test('then one is the type', () => {
    expect(getFrameType(header)).toBe(0x06)
  })

  test('then one is the flags', () => {
    expect(getFrameFlags(header)).toBe(0x89)
  })

  test('the last four are the stream identifier', () => {
    expect(getStreamId(header)).toBe(0x12345678)
  })

  test('that is all', () => {
    expect(header).toHaveLength(FRAME_HEADER_LENGTH)
  })
})

test('the reserved bit before the stream identifier is ignored when receiving', () => {
  expect(getStreamId(hex('000000 00 00 80000001'))).toBe(1)
  expect(getStreamId(hex('000000 00 00 ffffffff'))).toBe(MAX_STREAM_ID)
})

test('each field is read at its largest value', () => {
  const header = hex('ffffff ff ff 7fffffff')
  expect(getFrameSize(header)).toBe(2 ** 24 - 1)
  expect(getFrameType(header)).toBe(255)
  expect(getFrameFlags(header)).toBe(255)
  expect(getStreamId(header)).toBe(2 ** 31 - 1)
})

test('a frame header is read where it lies in a longer vector', () => {
  const octets = hex('ff ff  000102 03 04 00000005  ff')
  expect([
    getFrameSize(octets, 2),
    getFrameType(octets, 2),
    getFrameFlags(octets, 2),
    getStreamId(octets, 2),
  ]).toEqual([0x102, 3, 4, 5])
})

test('writeFrameHeader writes what the readers read, and nothing around it', () => {
  const octets = new Uint8Array(11).fill(0xee)
  writeFrameHeader(octets, 1, 0x012345, 0x06, 0x89, 0x12345678)
  expect(octets).toEqual(hex('ee 012345 06 89 12345678 ee'))
})

test('writeStreamId changes the stream identifier only', () => {
  const frame = rawFrame(1, 2, 3, 'abc')
  writeStreamId(frame, 0, MAX_STREAM_ID)
  expect(frame).toEqual(rawFrame(1, 2, MAX_STREAM_ID, 'abc'))
})

test('makeFrame puts a payload behind its frame header', () => {
  expect(makeFrame(0x0b, 0x21, 7, hex('aabb'))).toEqual(hex('000002 0b 21 00000007 aabb'))
  expect(makeFrame(0x0b, 0, 0)).toEqual(hex('000000 0b 00 00000000'))
})

describe('getStreamIdIfEnds returns', () => {
  test('the stream of DATA and HEADERS with END_STREAM', () => {
    expect(getStreamIdIfEnds(dataFrame(5, 'abc', { endStream: true }))).toBe(5)
    expect(getStreamIdIfEnds(headersFrame(7, '', { endStream: true }))).toBe(7)
  })

  test('0 for DATA and HEADERS without END_STREAM', () => {
    expect(getStreamIdIfEnds(dataFrame(5, 'abc'))).toBe(0)
    expect(getStreamIdIfEnds(headersFrame(7, '', { padding: 3, priority: {} }))).toBe(0)
  })

  test('0 for all other types, whose bit 0x01 means something else or nothing', () => {
    const others = Array.from({ length: 256 }, (_, type) => type).filter(
      (type) => type !== FrameType.DATA && type !== FrameType.HEADERS,
    )
    for (const type of others) {
      expect(getStreamIdIfEnds(rawFrame(type, FrameFlag.END_STREAM, 5))).toBe(0)
    }
  })
})
