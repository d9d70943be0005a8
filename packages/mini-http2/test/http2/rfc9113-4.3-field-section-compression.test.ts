import { concatenate } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import {
  continuationFrame,
  dataFrame,
  goawayFrame,
  headersFrame,
  hex,
  pingFrame,
  priorityFrame,
  rawFrame,
  rstStreamFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../support/frames'
import {
  AT_ONCE,
  answersTo,
  Conversation,
  expectConnectionError,
  ONLY_NEXT,
} from '../support/http2'
import { describing, http2Exchange } from '../support/http2-messages'
import { GET_BLOCK, getRequest } from '../support/requests'

/** `x-test: one`, a literal with incremental indexing. */
const INSERT = hex('40 06 78 2d 74 65 73 74 03 6f 6e 65')
/** The newest entry of the dynamic table. */
const NEWEST = hex('be')

describe('a header block is one unit in any number of frames:', () => {
  test('cut at each octet, it is the same request', () => {
    for (let at = 0; at <= GET_BLOCK.length; at++) {
      const { frames } = answersTo(
        AT_ONCE,
        headersFrame(1, GET_BLOCK.subarray(0, at), { endStream: true, endHeaders: false }),
        continuationFrame(1, GET_BLOCK.subarray(at)),
      )
      expect(frames).toMatchObject([{ type: 'HEADERS' }, { type: 'DATA', flags: ['END_STREAM'] }])
    }
  })

  test('padding and priority of its first frame are not part of it', () => {
    const { frames } = answersTo(
      AT_ONCE,
      headersFrame(1, GET_BLOCK.subarray(0, 5), {
        endStream: true,
        endHeaders: false,
        padding: 7,
        priority: {},
      }),
      continuationFrame(1, GET_BLOCK.subarray(5), { endHeaders: false }),
      continuationFrame(1, ''),
    )
    expect(frames).toMatchObject([{ type: 'HEADERS' }, { type: 'DATA' }])
  })

  test('the request is not passed on before the last of them', () => {
    const conversation = new Conversation()
    conversation.send(headersFrame(1, GET_BLOCK, { endStream: true, endHeaders: false }))
    expect(conversation.exchanges).toHaveLength(0)
    conversation.send(continuationFrame(1, ''))
    expect(conversation.exchanges).toHaveLength(1)
  })
})

describe('nothing may come between the frames of a header block, a connection error PROTOCOL_ERROR:', () => {
  const begun = headersFrame(1, GET_BLOCK, { endHeaders: false })

  test.each([
    ['DATA', dataFrame(1, 'abc')],
    ['HEADERS of the same stream', headersFrame(1, GET_BLOCK)],
    ['HEADERS of another stream', headersFrame(3, GET_BLOCK)],
    ['PRIORITY', priorityFrame(1)],
    ['RST_STREAM', rstStreamFrame(1)],
    ['SETTINGS', settingsFrame()],
    ['PING', pingFrame()],
    ['GOAWAY', goawayFrame()],
    ['WINDOW_UPDATE', windowUpdateFrame(0, 1)],
    ['CONTINUATION of another stream', continuationFrame(3, '')],
    ['a frame of an unknown type', rawFrame(0xbb, 0, 0)],
  ])('%s', (_, frame) => {
    expectConnectionError('PROTOCOL_ERROR', begun, frame)
    expectConnectionError(
      'PROTOCOL_ERROR',
      begun,
      continuationFrame(1, '', { endHeaders: false }),
      frame,
    )
  })
})

describe('a header block that cannot be decoded is a connection error COMPRESSION_ERROR:', () => {
  test.each([
    ['an index that is in no table', 'be'],
    ['index 0', '80'],
    ['a literal that is cut off', '00 03 61'],
    ['an integer without end', 'ff ff ff ff ff ff ff ff ff ff'],
    ['a size update behind a field', '82 20'],
    ['a size update beyond SETTINGS_HEADER_TABLE_SIZE', '3f e2 1f'],
    ['a Huffman code with EOS', '00 84 ff ff ff ff 01 61'],
  ])('%s', (_, digits) => {
    expectConnectionError('COMPRESSION_ERROR', headersFrame(1, hex(digits)))
    expectConnectionError(
      'COMPRESSION_ERROR',
      headersFrame(1, hex(digits).subarray(0, 1), { endHeaders: false }),
      continuationFrame(1, hex(digits).subarray(1)),
    )
  })

  test('in trailers as well', () => {
    expectConnectionError(
      'COMPRESSION_ERROR',
      headersFrame(1, GET_BLOCK),
      headersFrame(1, hex('be'), { endStream: true }),
    )
  })
})

describe('a header block without effect is decoded nevertheless, since it changes the dynamic table:', () => {
  /** Expects that the entry inserted on stream 1 is available on stream 5. */
  function expectInserted(...input: Uint8Array[]): void {
    const { response } = http2Exchange(
      describing,
      {},
      ...input,
      headersFrame(5, concatenate(GET_BLOCK, NEWEST), { endStream: true }),
    )
    expect(JSON.parse(response(5).body)).toMatchObject({ headers: [['x-test', 'one']] })
  }

  test('one of a malformed request', () => {
    expectInserted(headersFrame(1, INSERT, { endStream: true }))
  })

  test('one of a stream that depends on itself', () => {
    const priority = { streamDependency: 1 }
    expectInserted(headersFrame(1, concatenate(GET_BLOCK, INSERT), { priority }))
  })

  test('trailers without END_STREAM', () => {
    expectInserted(headersFrame(1, GET_BLOCK), headersFrame(1, INSERT))
  })

  test('trailers on a stream that we have reset', () => {
    expectInserted(
      headersFrame(1, GET_BLOCK),
      windowUpdateFrame(1, 0),
      headersFrame(1, INSERT, { endStream: true }),
    )
  })

  test('HEADERS on a stream that the client has ended', () => {
    const { frames } = answersTo(
      ONLY_NEXT,
      getRequest(1),
      headersFrame(1, INSERT),
      headersFrame(3, concatenate(GET_BLOCK, NEWEST), { endStream: true }),
    )
    expect(frames).toMatchObject([{ type: 'RST_STREAM', errorCode: 'STREAM_CLOSED' }])
  })

  test('one of a refused stream', () => {
    const { frames, state } = answersTo(
      ONLY_NEXT,
      ...Array.from({ length: 128 }, (_, index) => getRequest(2 * index + 1)),
      headersFrame(257, concatenate(GET_BLOCK, INSERT)),
      rstStreamFrame(1),
      headersFrame(259, concatenate(GET_BLOCK, NEWEST), { endStream: true }),
    )
    expect(frames).toMatchObject([{ type: 'RST_STREAM', errorCode: 'REFUSED_STREAM' }])
    expect(state).toBe('open')
  })

  test('one of a request behind GOAWAY', () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1))
    conversation.send(goawayFrame())
    conversation.send(headersFrame(3, concatenate(GET_BLOCK, INSERT)))
    conversation.send(headersFrame(5, concatenate(GET_BLOCK, NEWEST)))
    expect(conversation.connection.error).toBeUndefined()
  })
})

test('equal header blocks have equal requests, until the dynamic table changes what they mean', () => {
  const { response } = http2Exchange(
    describing,
    {},
    headersFrame(1, concatenate(GET_BLOCK, INSERT), { endStream: true }),
    headersFrame(3, concatenate(GET_BLOCK, NEWEST), { endStream: true }),
    headersFrame(5, concatenate(GET_BLOCK, NEWEST), { endStream: true }),
    // `x-test: two`
    headersFrame(7, concatenate(GET_BLOCK, hex('40 06 78 2d 74 65 73 74 03 74 77 6f')), {
      endStream: true,
    }),
    headersFrame(9, concatenate(GET_BLOCK, NEWEST), { endStream: true }),
  )
  const values = [1, 3, 5, 7, 9].map((id) => JSON.parse(response(id).body).headers[0][1])
  expect(values).toEqual(['one', 'one', 'one', 'two', 'two'])
})
