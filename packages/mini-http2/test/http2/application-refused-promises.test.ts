import { describe, expect, test, vi } from 'vitest'
import type { Handler } from '../../src'
import { Http2Client, turn } from '../support/http2-client'
import { GET, request } from '../support/http2-messages'

describe('where promises are refused, as in a loop that blocks,', () => {
  const promising: readonly (readonly [string, Handler])[] = [
    [
      'answers later',
      async (_, response) => {
        await turn()
        response.send(200)
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('unheard')
      },
    ],
  ]

  test.each(promising)('a handler that %s is answered for with 500 at once', async (_, handler) => {
    const onHandlerError = vi.fn()
    const client = new Http2Client(handler, { promises: 'refused', onHandlerError })
    client.send(request(1, GET))
    expect(client.response(1).status).toBe(500)
    await turn()
    expect(onHandlerError).toHaveBeenCalledTimes(1)
    const [error, { path }] = onHandlerError.mock.calls[0]!
    expect(error).toMatchObject({ name: 'MisuseError', code: 'PROMISE_REFUSED' })
    expect(path).toBe('/')
  })

  test('an answer that was given before the promise stays', () => {
    const onHandlerError = vi.fn()
    const handler: Handler = async (_, response) => response.send(204)
    const client = new Http2Client(handler, { promises: 'refused', onHandlerError })
    client.send(request(1, GET))
    expect(client.response(1).status).toBe(204)
    expect(onHandlerError).toHaveBeenCalledTimes(1)
  })

  test('a handler that answers before it returns is no fault', () => {
    const onHandlerError = vi.fn()
    const handler: Handler = (_, response) => response.send(200)
    const client = new Http2Client(handler, { promises: 'refused', onHandlerError })
    client.send(request(1, GET))
    expect(client.response(1).status).toBe(200)
    expect(onHandlerError).not.toHaveBeenCalled()
  })
})
