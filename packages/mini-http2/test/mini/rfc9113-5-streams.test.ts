import { concatenate } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import {
  continuationFrame,
  dataFrame,
  headersFrame,
  priorityFrame,
  priorityUpdateFrame,
  rawFrame,
  rstStreamFrame,
  windowUpdateFrame,
} from '../support/frames'
import { miniExchange, responseOn } from '../support/mini'
import { CLIENT_OPENING, GET_BLOCK, getRequest } from '../support/requests'

/** The output after the two SETTINGS frames. */
function answerTo(...input: Uint8Array[]): Uint8Array {
  const outcome = miniExchange(CLIENT_OPENING, ...input)
  expect(outcome.state).toBe('open')
  return outcome.output.subarray(18)
}

describe('8.1 the end of a stream is answered with the prebuilt response on that stream:', () => {
  test('HEADERS with END_STREAM', () => {
    expect(answerTo(getRequest(1))).toEqual(responseOn(1))
  })

  test('HEADERS with padding and priority', () => {
    const headers = headersFrame(1, GET_BLOCK, { endStream: true, padding: 9, priority: {} })
    expect(answerTo(headers)).toEqual(responseOn(1))
  })

  test('HEADERS with CONTINUATION, once', () => {
    const first = headersFrame(1, GET_BLOCK.subarray(0, 3), { endStream: true, endHeaders: false })
    const rest = continuationFrame(1, GET_BLOCK.subarray(3))
    expect(answerTo(first, rest)).toEqual(responseOn(1))
  })

  test('DATA with END_STREAM, not the HEADERS and DATA before it', () => {
    expect(answerTo(headersFrame(1, GET_BLOCK), dataFrame(1, 'abc'))).toHaveLength(0)
    expect(
      answerTo(
        headersFrame(1, GET_BLOCK),
        dataFrame(1, 'abc'),
        dataFrame(1, '', { endStream: true }),
      ),
    ).toEqual(responseOn(1))
  })

  test('trailers', () => {
    const trailers = headersFrame(1, '', { endStream: true })
    expect(answerTo(headersFrame(1, GET_BLOCK), dataFrame(1, 'abc'), trailers)).toEqual(
      responseOn(1),
    )
  })
})

test('5.1.1 each stream has its own answer, in the order in which they end', () => {
  const large = 2 ** 31 - 1
  expect(answerTo(headersFrame(1, GET_BLOCK), getRequest(3), getRequest(large))).toEqual(
    concatenate(responseOn(3), responseOn(large)),
  )
  expect(
    answerTo(
      headersFrame(1, GET_BLOCK),
      getRequest(3),
      dataFrame(1, '', { endStream: true }),
      getRequest(5),
    ),
  ).toEqual(concatenate(responseOn(3), responseOn(1), responseOn(5)))
})

test('a hundred requests in one batch have a hundred answers in one run of output', () => {
  const ids = Array.from({ length: 100 }, (_, index) => index * 2 + 1)
  expect(answerTo(...ids.map(getRequest))).toEqual(concatenate(...ids.map((id) => responseOn(id))))
})

test('4.1 and 5.5 frames that mini has no use for, unknown ones too, have no answer', () => {
  expect(
    answerTo(
      priorityFrame(3),
      priorityUpdateFrame(3, 'u=1'),
      windowUpdateFrame(0, 1000),
      rstStreamFrame(1),
      rawFrame(0xbb, 0xff, 5, 'abc'),
    ),
  ).toHaveLength(0)
})
