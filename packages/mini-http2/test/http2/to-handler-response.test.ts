import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type FetchHandler, installFetchClasses, toHandler } from '../../src/fetch'
import { eventually } from '../support/eventually'
import { rstStreamFrame, settingsFrame, windowUpdateFrame } from '../support/frames'
import { Http2Client, turn } from '../support/http2-client'
import { GET, HEAD, type ReceivedResponse, request } from '../support/http2-messages'

const mistake = new Error('a mistake of the application')

/** A stream whose parts are created on demand. It fails at an error. */
function streamOf(...parts: (string | Error)[]): ReadableStream<Uint8Array> {
  const rest = [...parts]
  return new ReadableStream(
    {
      pull(controller) {
        const part = rest.shift()
        if (part === undefined) controller.close()
        else if (part instanceof Error) throw part
        else controller.enqueue(new TextEncoder().encode(part))
      },
    },
    { highWaterMark: 0 },
  )
}

interface Answered {
  readonly response: ReceivedResponse
  readonly errors: readonly unknown[]
}

/** The response of a fetch handler as received by a client, and the reported errors. */
async function answered(fetch: FetchHandler, fields = GET): Promise<Answered> {
  const errors: unknown[] = []
  const onHandlerError = (error: unknown) => void errors.push(error)
  const client = new Http2Client(toHandler(fetch), { onHandlerError })
  client.send(request(1, fields))
  await eventually(() => expect(client.response(1).end).toBeDefined())
  expect(client.connection.state).toBe('open')
  return { response: client.response(1), errors }
}

describe.each(['native', 'fetch'] as const)('with %s classes', (classes) => {
  let restore = () => {}
  beforeEach(() => {
    if (classes === 'fetch') restore = installFetchClasses()
  })
  afterEach(() => restore())

  test('status, header fields and body are sent', async () => {
    const { response } = await answered(
      () =>
        new Response('Grüße', { status: 201, headers: { 'X-A': 'b', 'Content-Type': 'text/x' } }),
    )
    expect(response).toMatchObject({ status: 201, body: 'Grüße', end: 'END_STREAM' })
    expect(response.fields).toEqual(
      expect.arrayContaining([
        ['content-type', 'text/x'],
        ['x-a', 'b'],
      ]),
    )
  })

  test('a promise of a response is awaited', async () => {
    const { response } = await answered(async () => {
      await turn()
      return new Response('later')
    })
    expect(response).toMatchObject({ status: 200, body: 'later' })
  })

  test.each<[string, () => ConstructorParameters<typeof Response>[0], string]>([
    ['text', () => 'abc', 'abc'],
    ['no text', () => '', ''],
    ['octets', () => new TextEncoder().encode('abc'), 'abc'],
    ['a buffer', () => new TextEncoder().encode('abc').buffer, 'abc'],
    ['a Blob', () => new Blob(['abc']), 'abc'],
    ['URLSearchParams', () => new URLSearchParams({ a: '1' }), 'a=1'],
    ['a stream', () => streamOf('ab', '', 'c'), 'abc'],
    ['nothing', () => null, ''],
  ])('a body may be %s', async (_, makeBody, body) => {
    const { response, errors } = await answered(() => new Response(makeBody()))
    expect(response).toMatchObject({ status: 200, body, end: 'END_STREAM' })
    expect(errors).toEqual([])
  })

  test('the media type of a body is sent', async () => {
    const typeOf = async (body: ConstructorParameters<typeof Response>[0]) =>
      (await answered(() => new Response(body))).response.fields?.find(
        ([name]) => name === 'content-type',
      )?.[1]
    expect(await typeOf('abc')).toBe('text/plain;charset=UTF-8')
    expect(await typeOf(new URLSearchParams('a=1'))).toBe(
      'application/x-www-form-urlencoded;charset=UTF-8',
    )
    expect(await typeOf(new Blob(['abc'], { type: 'image/png' }))).toBe('image/png')
    expect(await typeOf(new Uint8Array(3))).toBeUndefined()
  })

  test('header fields may be given in any form of the Fetch standard', async () => {
    for (const headers of [
      { A: ' 1\t', B: '2' },
      [
        ['A', ' 1\t'],
        ['B', '2'],
      ] as [string, string][],
      new Headers({ A: ' 1\t', B: '2' }),
    ]) {
      const { response } = await answered(() => new Response(null, { headers }))
      expect(response.fields).toEqual([
        ['a', '1'],
        ['b', '2'],
        ['content-length', '0'],
      ])
    }
  })

  test('header fields may be changed until the response is returned', async () => {
    const { response } = await answered(() => {
      const one = new Response('abc', { headers: { a: '1' } })
      one.headers.set('a', '2')
      one.headers.append('b', '3')
      return one
    })
    expect(response.fields).toEqual(
      expect.arrayContaining([
        ['a', '2'],
        ['b', '3'],
      ]),
    )
  })

  test('each cookie has a field of its own', async () => {
    const { response } = await answered(() => {
      const one = new Response(null)
      one.headers.append('set-cookie', 'a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT')
      one.headers.append('set-cookie', 'b=2')
      return one
    })
    expect(
      response.fields?.filter(([name]) => name === 'set-cookie').map(([, value]) => value),
    ).toEqual(['a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'b=2'])
  })

  test('fields about an HTTP/1.1 connection are left out', async () => {
    const { response, errors } = await answered(
      () =>
        new Response('abc', {
          headers: {
            Connection: 'keep-alive',
            'Keep-Alive': 'timeout=5',
            'Transfer-Encoding': 'chunked',
            Upgrade: 'x',
            a: '1',
          },
        }),
    )
    expect(errors).toEqual([])
    const names = response.fields?.map(([name]) => name)
    expect(names).toContain('a')
    for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'upgrade'])
      expect(names).not.toContain(name)
  })

  test.each([204, 304])('status %i has no body', async (status) => {
    const { response } = await answered(() => new Response(null, { status }))
    expect(response).toEqual({ informational: [], status, fields: [], body: '', end: 'END_STREAM' })
  })

  test('status 204 has no content-length, though one is given', async () => {
    const { response } = await answered(
      () => new Response(null, { status: 204, headers: { 'Content-Length': '0', a: '1' } }),
    )
    expect(response).toMatchObject({ status: 204, fields: [['a', '1']] })
  })

  test('HEAD has the fields of GET, and no body', async () => {
    const { response } = await answered(() => new Response('abc', { headers: { a: '1' } }), HEAD)
    expect(response).toMatchObject({ status: 200, body: '', end: 'END_STREAM' })
    expect(response.fields).toEqual(expect.arrayContaining([['a', '1']]))
  })

  test('HEAD has no content-length if the application leaves the body out', async () => {
    const { response } = await answered(() => new Response(null, { headers: { a: '1' } }), HEAD)
    expect(response).toMatchObject({
      status: 200,
      fields: [['a', '1']],
      body: '',
      end: 'END_STREAM',
    })
  })

  test('HEAD cancels a stream', async () => {
    const cancel = vi.fn()
    const { response } = await answered(() => new Response(new ReadableStream({ cancel })), HEAD)
    expect(response).toMatchObject({ status: 200, body: '', end: 'END_STREAM' })
    expect(cancel).toHaveBeenCalledOnce()
  })

  test('a response of Response.json, .redirect and a constructed one that was read and rebuilt', async () => {
    const json = await answered(() => Response.json({ a: 1 }, { status: 202 }))
    expect(json.response).toMatchObject({ status: 202, body: '{"a":1}' })
    expect(json.response.fields).toContainEqual(['content-type', 'application/json'])

    const redirect = await answered(() => Response.redirect('https://localhost/b', 307))
    expect(redirect.response.status).toBe(307)
    expect(redirect.response.fields).toContainEqual(['location', 'https://localhost/b'])

    const rebuilt = await answered(async () => {
      const before = new Response('abc', { status: 203, headers: { a: '1' } })
      const text = await before.clone().text()
      return new Response(`${text}${await before.text()}`, before)
    })
    expect(rebuilt.response).toMatchObject({ status: 203, body: 'abcabc' })
    expect(rebuilt.response.fields).toContainEqual(['a', '1'])
  })

  test('a body that is piped through a transformation is a stream', async () => {
    const { response } = await answered(() => {
      const upper = new TransformStream<Uint8Array, Uint8Array>({
        transform(octets, controller) {
          controller.enqueue(
            new TextEncoder().encode(new TextDecoder().decode(octets).toUpperCase()),
          )
        },
      })
      const before = new Response('abc')
      return new Response(before.body?.pipeThrough(upper), before)
    })
    expect(response).toMatchObject({ body: 'ABC', end: 'END_STREAM' })
  })

  describe('what fails', () => {
    test.each<[string, FetchHandler]>([
      [
        'a handler that throws',
        () => {
          throw mistake
        },
      ],
      [
        'a handler that rejects',
        async () => {
          throw mistake
        },
      ],
    ])('%s gives a 500, and is reported', async (_, fetch) => {
      const { response, errors } = await answered(fetch)
      expect(response).toMatchObject({ status: 500, end: 'END_STREAM' })
      expect(errors).toEqual([mistake])
    })

    test.each([undefined, null, 'abc', 12, {}])(
      'the answer %j, which is no response, gives a 500',
      async (answer) => {
        for (const fetch of [() => answer, async () => answer]) {
          const { response, errors } = await answered(fetch as unknown as FetchHandler)
          expect(response.status).toBe(500)
          expect(errors).toEqual([expect.any(TypeError)])
        }
      },
    )

    test('a response that HTTP cannot carry gives a 500', async () => {
      for (const fetch of [
        () => Response.error(),
        () => new Response('abc', { headers: { 'content-length': '2' } }),
        () => new Response('abc', { headers: { a: 'b\x01c' } }),
      ]) {
        const { response, errors } = await answered(fetch)
        // For a stream, the wrong length shows only after the head was sent.
        expect([response.status, response.end]).toEqual(
          response.status === 500 ? [500, 'END_STREAM'] : [200, 'INTERNAL_ERROR'],
        )
        expect(errors).toHaveLength(1)
      }
    })

    test('a response whose body was read gives a 500', async () => {
      const { response, errors } = await answered(async () => {
        const one = new Response('abc')
        await one.text()
        return one
      })
      expect(response.status).toBe(500)
      expect(errors).toEqual([expect.any(TypeError)])
    })

    test('a body that fails midway resets the stream, and is reported', async () => {
      const { response, errors } = await answered(() => new Response(streamOf('ab', mistake)))
      expect(response).toMatchObject({ status: 200, body: 'ab', end: 'INTERNAL_ERROR' })
      expect(errors).toEqual([mistake])
    })

    test('a stream of something else than octets resets the stream', async () => {
      const numbers = new ReadableStream({
        start(controller) {
          controller.enqueue(12)
        },
      })
      const { response, errors } = await answered(() => new Response(numbers))
      expect(response).toMatchObject({ status: 200, body: '', end: 'INTERNAL_ERROR' })
      expect(errors).toHaveLength(1)
    })
  })

  describe('a stream', () => {
    const part = 'x'.repeat(30_000)

    test('is read no faster than its client takes it', async () => {
      let made = 0
      const endless = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            made++
            controller.enqueue(new TextEncoder().encode(part))
          },
        },
        { highWaterMark: 0 },
      )
      const client = new Http2Client(toHandler(() => new Response(endless)))
      client.send(request(1, GET))
      await eventually(() => expect(client.response(1).body).toHaveLength(65_535))
      for (let count = 0; count < 10; count++) await turn()
      // The window, the data waiting for it, and a part in progress.
      expect(made * part.length).toBeLessThanOrEqual(65_535 + 65_536 + 2 * part.length)
      const before = made
      client.send(windowUpdateFrame(0, 100_000), windowUpdateFrame(1, 100_000))
      await eventually(() => expect(client.response(1).body).toHaveLength(165_535))
      expect(made).toBeGreaterThan(before)
    })

    test('sends what it has at once, though it goes on later', async () => {
      let go = () => {}
      const slow = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('first'))
          go = () => {
            controller.enqueue(new TextEncoder().encode(', last'))
            controller.close()
          }
        },
      })
      const client = new Http2Client(toHandler(() => new Response(slow)))
      client.send(request(1, GET))
      await eventually(() =>
        expect(client.response(1)).toMatchObject({ status: 200, body: 'first' }),
      )
      expect(client.response(1).end).toBeUndefined()
      go()
      await eventually(() =>
        expect(client.response(1)).toMatchObject({ body: 'first, last', end: 'END_STREAM' }),
      )
    })

    test.each([
      ['resets the stream', (client: Http2Client) => void client.send(rstStreamFrame(1))],
      ['is lost', (client: Http2Client) => client.connection.abandon()],
    ])('is cancelled when its client %s, and nothing is reported', async (_, leave) => {
      for (const opening of [settingsFrame(), settingsFrame({ INITIAL_WINDOW_SIZE: 0 })]) {
        const cancel = vi.fn()
        const errors: unknown[] = []
        const waiting = new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(new Uint8Array(100_000))
          },
          cancel,
        })
        const onHandlerError = (error: unknown) => void errors.push(error)
        const client = new Http2Client(
          toHandler(() => new Response(waiting)),
          { onHandlerError },
          opening,
        )
        client.send(request(1, GET))
        await eventually(() => expect(client.response(1).status).toBe(200))
        leave(client)
        await eventually(() => expect(cancel).toHaveBeenCalledOnce())
        await turn()
        expect(errors).toEqual([])
        expect(waiting.locked).toBe(true)
      }
    })

    test('is cancelled if its client is gone before it is returned', async () => {
      const cancel = vi.fn()
      let answer = (_: Response) => {}
      const later = new Promise<Response>((resolve) => {
        answer = resolve
      })
      const client = new Http2Client(toHandler(() => later))
      client.send(request(1, GET), rstStreamFrame(1))
      answer(new Response(new ReadableStream({ cancel })))
      await eventually(() => expect(cancel).toHaveBeenCalledOnce())
      expect(client.framesOf(1)).toEqual([])
    })
  })
})

describe('loading', () => {
  test('the handlers of many requests share nothing', async () => {
    const handler = toHandler(async ({ url }) => {
      await turn()
      return new Response(new URL(url).pathname)
    })
    const client = new Http2Client(handler)
    const ids = Array.from({ length: 50 }, (_, index) => index * 2 + 1)
    client.send(...ids.map((id) => request(id, [...GET.slice(0, 3), [':path', `/${id}`]])))
    await eventually(() => expect(client.response(99).end).toBe('END_STREAM'))
    for (const id of ids) expect(client.response(id).body).toBe(`/${id}`)
  })
})
