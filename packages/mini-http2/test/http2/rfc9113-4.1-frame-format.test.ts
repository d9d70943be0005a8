import { describe, expect, test } from 'vitest'
import { dataFrame, headersFrame, pingFrame, rawFrame } from '../support/frames'
import { AT_ONCE, answersTo, expectIgnored } from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

test('frames of unknown types are ignored and dropped, on any stream and with any flags', () => {
  expectIgnored(
    rawFrame(0x0b, 0, 0, 'abc'),
    rawFrame(0x16, 0xff, 1, 'abc'),
    rawFrame(0xff, 0xff, 2 ** 31 - 1),
  )
})

test('the reserved bit of the stream identifier is ignored', () => {
  const { frames } = answersTo(AT_ONCE, rawFrame(0x01, 0x05, 2 ** 31 + 1, GET_BLOCK))
  expect(frames).toMatchObject([
    { type: 'HEADERS', streamId: 1 },
    { type: 'DATA', streamId: 1 },
  ])
})

describe('flags that a type has not are ignored:', () => {
  test('PING', () => {
    const { frames } = answersTo(AT_ONCE, rawFrame(0x06, 0xfe, 0, '12345678'))
    expect(frames).toMatchObject([{ type: 'PING', flags: ['ACK'] }])
  })

  test('HEADERS', () => {
    const { frames } = answersTo(AT_ONCE, rawFrame(0x01, 0x05 | 0xd2, 1, GET_BLOCK))
    expect(frames).toMatchObject([{ type: 'HEADERS' }, { type: 'DATA', flags: ['END_STREAM'] }])
  })

  test('DATA', () => {
    const { frames, state } = answersTo(
      AT_ONCE,
      headersFrame(1, GET_BLOCK),
      rawFrame(0x00, 0x01 | 0xf6, 1, 'abc'),
      pingFrame(),
    )
    expect(frames.map(({ type }) => type)).toEqual(['HEADERS', 'DATA', 'PING'])
    expect(state).toBe('open')
  })
})

test('no frame has a flag or a reserved bit that its type has not', () => {
  // parseFrames rejects them.
  const { frames } = answersTo(
    AT_ONCE,
    getRequest(1),
    headersFrame(3, GET_BLOCK),
    dataFrame(3, 'abc', { endStream: true }),
    pingFrame(),
  )
  expect(frames).toHaveLength(5)
})
