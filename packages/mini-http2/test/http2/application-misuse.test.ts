import { describe, expect, test } from 'vitest'
import {
  AFTER_THE_END,
  AFTER_THE_HEAD,
  BEFORE_THE_HEAD,
  type Misuse,
} from '../../../../test-support/apps/misuses.mjs'
import { type FieldList, MisuseError, prebuildResponse } from '../../src'
import { settingsFrame } from '../support/frames'
import { Http2Client, turn } from '../support/http2-client'
import { GET, HEAD, request } from '../support/http2-messages'

const CONNECT: FieldList = [
  [':method', 'CONNECT'],
  [':authority', 'example.org:443'],
]

const prebuilt = prebuildResponse({ body: 'abc' })
/** Too large for a client that announces a smaller limit. */
const tooManyFields = { a: 'x'.repeat(20_000) }
const withTooManyFields = prebuildResponse({ headers: tooManyFields })

/**
 * Mistakes before the head that only this protocol detects, or that only a client with arbitrary
 * frames can cause.
 */
const ONLY_HERE_BEFORE_THE_HEAD: Readonly<Record<string, Misuse>> = {
  'a content-length where a tunnel begins': {
    code: 'INVALID_FIELD',
    method: 'CONNECT',
    call: (response) => response.writeHead(200, { 'content-length': 3 }),
  },
  'a prebuilt response where a tunnel begins': {
    code: 'INVALID_FIELD',
    method: 'CONNECT',
    call: (response) => response.sendPrebuilt(prebuilt),
  },
  'more fields than the client takes': {
    code: 'HEADER_LIST_TOO_LARGE',
    call: (response) => response.send(200, tooManyFields),
  },
  'more fields in a head than the client takes': {
    code: 'HEADER_LIST_TOO_LARGE',
    call: (response) => response.writeHead(200, tooManyFields),
  },
  'more fields of an informational response than the client takes': {
    code: 'HEADER_LIST_TOO_LARGE',
    call: (response) => response.informational(103, tooManyFields),
  },
  'more prebuilt fields than the client takes': {
    code: 'HEADER_LIST_TOO_LARGE',
    call: (response) => response.sendPrebuilt(withTooManyFields),
  },
}

const ONLY_HERE_AFTER_THE_HEAD: Readonly<Record<string, Misuse>> = {
  'more trailers than the client takes': {
    code: 'HEADER_LIST_TOO_LARGE',
    before: (response) => response.writeHead(200),
    call: (response) => response.end('abc', tooManyFields),
  },
}

const beforeTheHead = Object.entries({ ...BEFORE_THE_HEAD, ...ONLY_HERE_BEFORE_THE_HEAD })
const afterTheHead = Object.entries({ ...AFTER_THE_HEAD, ...ONLY_HERE_AFTER_THE_HEAD })
const afterTheEnd = Object.entries(AFTER_THE_END)

const REQUESTS: Readonly<Record<string, FieldList>> = { GET, HEAD, CONNECT }

/**
 * Makes a mistake on stream 1 in a handler that doesn't catch it, and sends another request on
 * stream 3.
 */
async function afterMistake(
  { call, before, method = 'GET' }: Misuse,
  how: 'at once' | 'later',
): Promise<{ client: Http2Client; errors: unknown[] }> {
  const errors: unknown[] = []
  const client = new Http2Client(
    (request, response) => {
      if (request.headers.has('next')) {
        response.send(200, { next: '1', 'x-long': 'y'.repeat(50) }, 'next')
        return
      }
      const run = () => {
        before?.(response)
        call(response)
      }
      if (how === 'at once') return run()
      return turn().then(run)
    },
    { onHandlerError: (error) => void errors.push(error) },
    settingsFrame({ MAX_HEADER_LIST_SIZE: 500 }),
  )
  client.send(request(1, REQUESTS[method]!))
  await turn()
  await turn()
  client.send(request(3, [...GET, ['next', '1']]))
  return { client, errors }
}

/** Expects that the connection continues with an intact dynamic table. */
function expectNext(client: Http2Client): void {
  expect(client.connection.state).toBe('open')
  expect(client.response(3)).toMatchObject({
    status: 200,
    fields: [
      ['next', '1'],
      ['x-long', 'y'.repeat(50)],
      ['content-length', '4'],
    ],
    body: 'next',
    end: 'END_STREAM',
  })
}

describe.each(['at once', 'later'] as const)('a mistake of a handler that answers %s', (how) => {
  test.each(beforeTheHead)('%s is thrown, and the client gets a 500', async (_, misuse) => {
    const { client, errors } = await afterMistake(misuse, how)
    expect(errors).toEqual([expect.any(MisuseError)])
    expect(errors).toMatchObject([{ code: misuse.code }])
    expect(client.response(1)).toMatchObject({
      informational: [],
      status: 500,
      body: '',
      end: 'END_STREAM',
    })
    expectNext(client)
  })

  test.each(afterTheHead)('%s is thrown, and the client gets a reset', async (_, misuse) => {
    const { client, errors } = await afterMistake(misuse, how)
    expect(errors).toMatchObject([{ name: 'MisuseError', code: misuse.code }])
    expect(client.response(1)).toMatchObject({ body: '', end: 'INTERNAL_ERROR' })
    expect(client.response(1).trailers).toBeUndefined()
    expectNext(client)
  })

  test.each(afterTheEnd)('%s is thrown, and the response stays as it is', async (_, misuse) => {
    const { client, errors } = await afterMistake(misuse, how)
    expect(errors).toMatchObject([{ name: 'MisuseError', code: misuse.code }])
    expect(client.response(1)).toMatchObject({
      informational: [],
      status: 200,
      body: '',
      end: 'END_STREAM',
    })
    expectNext(client)
  })

  test.each(beforeTheHead)('%s, if it is caught, leaves everything open', async (_, misuse) => {
    const catching: Misuse = {
      ...misuse,
      call: (response) => {
        expect(() => misuse.call(response)).toThrow(expect.objectContaining({ code: misuse.code }))
        expect([response.headSent, response.ended]).toEqual([false, false])
        response.send(404, { a: '1' }, 'instead')
      },
    }
    const { client, errors } = await afterMistake(catching, how)
    expect(errors).toEqual([])
    expect(client.response(1)).toMatchObject({ informational: [], status: 404, end: 'END_STREAM' })
    expectNext(client)
  })
})
