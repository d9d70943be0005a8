import { createHook } from 'node:async_hooks'
import type { OctetVector } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import {
  type Handler,
  type HandlerErrorListener,
  prebuildResponse,
  type ServerRequest,
  type ServerResponse,
} from '../../src'
import { FetchResponse } from '../../src/fetch'
import { Http2Connection, toHttp2Options } from '../../src/protocol'
import { receiveIn } from '../support/exchange'
import { rstStreamFrame, settingsFrame } from '../support/frames'
import { Http2Client, turn } from '../support/http2-client'
import { GET, http2Connection, POST, request } from '../support/http2-messages'
import { CLIENT_OPENING } from '../support/requests'

const mistake = new Error('a mistake of the application')

/** For tests in which handler errors don't matter: the default prints them. */
const QUIET = { onHandlerError: () => {} }

/** A handler that fails, synchronously or later. */
const failing = (
  before: (...parameters: Parameters<Handler>) => void,
): readonly [string, Handler][] => [
  [
    'throws',
    (...parameters) => {
      before(...parameters)
      throw mistake
    },
  ],
  [
    'rejects',
    async (...parameters) => {
      before(...parameters)
      throw mistake
    },
  ],
  [
    'rejects later',
    async (...parameters) => {
      before(...parameters)
      await turn()
      throw mistake
    },
  ],
]

/** Sends a request to a handler that fails, and then another one. */
async function afterFailure(
  handler: Handler,
  onHandlerError: HandlerErrorListener = () => {},
  ...opening: OctetVector[]
): Promise<Http2Client> {
  const client = new Http2Client(
    (one, response) => (one.path === '/next' ? response.send(200) : handler(one, response)),
    { onHandlerError },
    ...opening,
  )
  client.send(request(1, GET))
  await turn()
  await turn()
  client.send(request(3, [...GET.slice(0, 3), [':path', '/next']]))
  expect(client.connection.state).toBe('open')
  expect(client.response(3)).toMatchObject({ status: 200, end: 'END_STREAM' })
  return client
}

describe('a handler', () => {
  test('is called as soon as the head is there', () => {
    const paths: string[] = []
    const client = new Http2Client(({ path }) => void paths.push(path))
    client.send(request(1, POST, { open: true }))
    expect(paths).toEqual(['/'])
  })

  test('may be a prebuilt response, which answers all requests', () => {
    const app = prebuildResponse({ body: 'Hello World\n' })
    const connection = new Http2Connection(toHttp2Options({ app }), 0)
    const { frames } = receiveIn(connection, [CLIENT_OPENING, request(1, GET), request(3, POST)])
    expect(frames.filter(({ type }) => type === 'DATA')).toMatchObject([
      { streamId: 1, length: 12, flags: ['END_STREAM'] },
      { streamId: 3, length: 12, flags: ['END_STREAM'] },
    ])
  })

  test('may return anything, if it has no types', () => {
    for (const returned of [null, 1, true, {}, [], 'text']) {
      const handler = ((_: ServerRequest, response: ServerResponse) => {
        response.send(200)
        return returned
      }) as unknown as Handler
      const client = new Http2Client(handler, {
        onHandlerError: (error) => {
          throw error
        },
      })
      expect(client.send(request(1, GET)).response(1)).toMatchObject({
        status: 200,
        end: 'END_STREAM',
      })
    }
  })

  test.each(failing(() => {}))(
    'that %s before the head gives a 500, and is reported',
    async (_, handler) => {
      const reported: [unknown, ServerRequest][] = []
      const client = await afterFailure(handler, (...told) => void reported.push(told))
      expect(client.response(1)).toEqual({
        informational: [],
        status: 500,
        fields: [['content-length', '0']],
        body: '',
        end: 'END_STREAM',
      })
      expect(reported).toEqual([[mistake, expect.objectContaining({})]])
      expect(reported[0]?.[1].path).toBe('/')
    },
  )

  test('that lets a body be too large without catching it gives a 413', async () => {
    const client = new Http2Client(async ({ body }, response) => {
      response.send(200, {}, await body.octets({ limit: 3 }))
    })
    client.send(request(1, POST, { body: ['1234'] }))
    await turn()
    expect(client.response(1)).toMatchObject({ status: 413, end: 'END_STREAM' })
  })

  test('that lets a body be no JSON without catching it gives a 400', async () => {
    const reported: unknown[] = []
    const client = new Http2Client(
      async ({ body }, response) => response.send(200, {}, String(await body.json())),
      { onHandlerError: (error) => void reported.push(error) },
    )
    client.send(request(1, POST, { body: ['{"name": Ada}'] }))
    await turn()
    expect(client.response(1)).toMatchObject({ status: 400, end: 'END_STREAM' })
    expect(reported).toMatchObject([{ name: 'RequestBodyError', code: 'INVALID_JSON' }])
  })

  test('that has already begun to answer when the body is no JSON resets the stream', async () => {
    const client = new Http2Client(async ({ body }, response) => {
      response.writeHead(200)
      await body.json()
    }, QUIET)
    client.send(request(1, POST, { body: ['{'] }))
    await turn()
    expect(client.response(1)).toMatchObject({ status: 200, end: 'INTERNAL_ERROR' })
  })

  test('that parses other JSON than the body gives a 500 where that is none', async () => {
    const client = new Http2Client(() => void JSON.parse('{'), QUIET)
    client.send(request(1, GET))
    expect(client.response(1)).toMatchObject({ status: 500 })
  })

  test.each<[string, Handler]>([
    ['a Response', (() => new Response('text')) as unknown as Handler],
    ['a promise of one', (async () => new Response('text')) as unknown as Handler],
    ['a FetchResponse', (() => new FetchResponse('text')) as unknown as Handler],
  ])('that returns %s fails with an error that names toHandler', async (_, handler) => {
    const reported: unknown[] = []
    const client = new Http2Client(handler, {
      onHandlerError: (error) => void reported.push(error),
    })
    client.send(request(1, GET))
    await turn()
    expect(client.response(1)).toMatchObject({ status: 500, end: 'END_STREAM' })
    expect(reported).toMatchObject([
      { code: 'RESPONSE_RETURNED', message: expect.stringContaining('toHandler') as string },
    ])
  })

  test.each([
    ['an HTTP client', { status: 200, headers: new Map(), data: 'text' }],
    ['an iterator', [].values()],
    ['nothing', null],
  ])('that returns what is no Response may answer later: the result of %s', async (_, result) => {
    const reported: unknown[] = []
    const handler = (async (_request: ServerRequest, response: ServerResponse) => {
      setImmediate(() => response.send(200, {}, 'later'))
      return result
    }) as unknown as Handler
    const client = new Http2Client(handler, {
      onHandlerError: (error) => void reported.push(error),
    })
    client.send(request(1, GET))
    await turn()
    await turn()
    expect(client.response(1)).toMatchObject({ status: 200, body: 'later' })
    expect(reported).toEqual([])
  })

  test('that has answered may return a Response', () => {
    const handler = ((_: ServerRequest, response: ServerResponse) => {
      response.send(200, {}, 'answered')
      return new Response('not sent')
    }) as unknown as Handler
    const client = new Http2Client(handler, {
      onHandlerError: (error) => {
        throw error
      },
    })
    client.send(request(1, GET))
    expect(client.response(1)).toMatchObject({ status: 200, body: 'answered' })
  })

  test.each(failing((_, response) => response.informational(103)))(
    'that %s after an informational response gives a 500',
    async (_, handler) => {
      const client = await afterFailure(handler)
      expect(client.response(1)).toMatchObject({ informational: [{ status: 103 }], status: 500 })
    },
  )

  test.each(
    failing((_, response) => {
      response.writeHead(200)
      response.write('abc')
    }),
  )('that %s after the head resets the stream, and is reported', async (_, handler) => {
    const reported: unknown[] = []
    const client = await afterFailure(handler, (error) => void reported.push(error))
    expect(client.response(1)).toMatchObject({ status: 200, body: 'abc', end: 'INTERNAL_ERROR' })
    expect(reported).toEqual([mistake])
  })

  test.each(failing((_, response) => response.send(200, {}, 'abc')))(
    'that %s after the whole response has answered, and is reported',
    async (_, handler) => {
      const reported: unknown[] = []
      const client = await afterFailure(handler, (error) => void reported.push(error))
      expect(client.response(1)).toMatchObject({ status: 200, body: 'abc', end: 'END_STREAM' })
      expect(reported).toEqual([mistake])
    },
  )

  test.each(failing((_, response) => response.reset('CANCEL')))(
    'that %s after it has reset the stream is reported',
    async (_, handler) => {
      const reported: unknown[] = []
      const client = await afterFailure(handler, (error) => void reported.push(error))
      expect(client.response(1)).toMatchObject({ end: 'CANCEL' })
      expect(reported).toEqual([mistake])
    },
  )

  test.each(failing(() => {}))(
    'that %s gives a 500 also to a client that announces to take no header list at all',
    async (_, handler) => {
      const client = new Http2Client(handler, QUIET, settingsFrame({ MAX_HEADER_LIST_SIZE: 0 }))
      client.send(request(1, GET))
      await turn()
      await turn()
      expect(client.response(1)).toMatchObject({ status: 500, end: 'END_STREAM' })
      expect(client.connection.state).toBe('open')
    },
  )

  test('that rejects after its client has gone is reported, and nothing is sent', async () => {
    const reported: unknown[] = []
    const client = new Http2Client(
      async () => {
        await turn()
        throw mistake
      },
      { onHandlerError: (error) => void reported.push(error) },
    )
    client.send(request(1, GET))
    client.send(rstStreamFrame(1))
    await turn()
    await turn()
    expect(reported).toEqual([mistake])
    expect(client.framesOf(1)).toEqual([])
  })
})

describe('onHandlerError', () => {
  test.each<[string, HandlerErrorListener]>([
    [
      'throws',
      () => {
        throw new Error('a mistake of the listener')
      },
    ],
    [
      'rejects',
      async () => {
        await turn()
        throw new Error('a mistake of the listener')
      },
    ],
  ])('that %s itself changes nothing', async (_, listener) => {
    for (const [, handler] of failing(() => {})) {
      const client = await afterFailure(handler, listener)
      await turn()
      expect(client.response(1).status).toBe(500)
    }
  })

  test('costs no promise: a loop that blocks would keep each', () => {
    let promises = 0
    const hook = createHook({
      init(_, type) {
        if (type === 'PROMISE') promises++
      },
    })
    const client = new Http2Client(() => {
      throw mistake
    }, QUIET)
    hook.enable()
    try {
      for (let streamId = 1; streamId < 100; streamId += 2) client.send(request(streamId, GET))
    } finally {
      hook.disable()
    }
    expect(promises).toBe(0)
    expect(client.response(99).status).toBe(500)
  })
})

test('a connection with a handler that never answers is closed by its owner alone', () => {
  const connection = http2Connection(() => {})
  const { state } = receiveIn(connection, [CLIENT_OPENING, request(1, GET)])
  expect(state).toBe('open')
  connection.abandon()
  expect(connection.state).toBe('closed')
})
