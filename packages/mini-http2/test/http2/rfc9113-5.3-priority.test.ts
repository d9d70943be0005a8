import { describe, test } from 'vitest'
import { continuationFrame, headersFrame, priorityFrame } from '../support/frames'
import { expectConnectionError, expectIgnored, expectStreamError } from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

describe('the priorities of RFC 7540 are deprecated and have no effect:', () => {
  test('a tree of dependencies in PRIORITY', () => {
    expectIgnored(
      priorityFrame(1, { streamDependency: 0, weight: 256 }),
      priorityFrame(3, { streamDependency: 1, weight: 1 }),
      priorityFrame(5, { streamDependency: 3, exclusive: true }),
      priorityFrame(3, { streamDependency: 5 }),
      getRequest(3),
    )
  })

  test('priority fields in HEADERS', () => {
    expectIgnored(
      headersFrame(1, GET_BLOCK, { priority: { streamDependency: 3, exclusive: true } }),
    )
  })
})

describe('a stream that depends on itself is a stream error PROTOCOL_ERROR:', () => {
  test('by HEADERS', () => {
    expectStreamError(
      1,
      'PROTOCOL_ERROR',
      headersFrame(1, GET_BLOCK, { priority: { streamDependency: 1 } }),
    )
  })

  test('by HEADERS with CONTINUATION', () => {
    expectStreamError(
      1,
      'PROTOCOL_ERROR',
      headersFrame(1, GET_BLOCK, { endHeaders: false, priority: { streamDependency: 1 } }),
      continuationFrame(1, ''),
    )
  })

  test('by HEADERS with trailers', () => {
    expectStreamError(
      1,
      'PROTOCOL_ERROR',
      headersFrame(1, GET_BLOCK),
      headersFrame(1, '', { endStream: true, priority: { streamDependency: 1 } }),
    )
  })

  test('by PRIORITY', () => {
    expectStreamError(1, 'PROTOCOL_ERROR', getRequest(1), priorityFrame(1, { streamDependency: 1 }))
  })

  test('by PRIORITY while it is idle: a connection error, since an idle stream has no RST_STREAM', () => {
    expectConnectionError('PROTOCOL_ERROR', priorityFrame(1, { streamDependency: 1 }))
  })
})
