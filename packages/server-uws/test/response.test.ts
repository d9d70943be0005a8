import { setTimeout as sleep } from 'node:timers/promises'
import type { Handler, MisuseError, ServerResponse } from '@h2lab/mini-http2'
import { expect, test } from 'vitest'
import { curl } from '../../../test-support/clients/curl'
import { requestWithNodeHttp1 } from '../../../test-support/clients/node-http1-client'
import { rawHttp1Client } from '../../../test-support/clients/raw-http1-client'
import { eventually } from '../../../test-support/eventually'
import { describeWithUws } from './support/describe-with-uws'
import { UWS_STARTERS } from './support/starters'

const { start } = UWS_STARTERS[0]!

/** What a response's method throws, by its code. */
function codeOf(misuse: () => void): string | undefined {
  try {
    misuse()
    return undefined
  } catch (error) {
    return (error as MisuseError).code
  }
}

/** The codes of what a handler does wrong before it answers rightly. */
async function misuses(
  wrong: (response: ServerResponse) => (() => void)[],
): Promise<(string | undefined)[]> {
  const codes: (string | undefined)[] = []
  const app: Handler = (_, response) => {
    codes.push(...wrong(response).map(codeOf))
    if (!response.ended) response.end()
  }
  const { url } = await start({ app })
  expect(await requestWithNodeHttp1(url)).toMatchObject([{ status: 200 }])
  return codes
}

describeWithUws('a response of uws', () => {
  test('has the status, fields and octets that the handler gives, and one content-length', async () => {
    const app: Handler = (_, response) =>
      response.send(404, { 'x-name': ['a', 'b'], 'x-latin': '\xe9' }, 'né')
    const { url } = await start({ app })
    const [response] = await requestWithNodeHttp1(url)
    expect(response).toMatchObject({
      status: 404,
      headers: { 'x-name': 'a, b', 'x-latin': '\xe9', 'content-length': '3' },
      body: Buffer.from('né'),
    })
  })

  test('without a length is chunked, and comes as it is written', async () => {
    const app: Handler = async (_, response) => {
      response.writeHead(200)
      response.write('one ')
      await sleep(10)
      response.write('')
      response.write('two ')
      response.end('three')
    }
    const { url } = await start({ app })
    const [response] = await requestWithNodeHttp1(url)
    expect(response!.headers['transfer-encoding']).toBe('chunked')
    expect(response!.body.toString()).toBe('one two three')
  })

  test.each([200, 204, 205, 304])('with status %i and no body is complete', async (status) => {
    const { url } = await start({ app: (_, response) => response.send(status) })
    const responses = await requestWithNodeHttp1(url, [{}, {}, {}])
    expect(responses).toMatchObject(Array(3).fill({ status, body: Buffer.alloc(0) }))
  })

  test('may be written to the end of its content-length, then ended', async () => {
    const app: Handler = async (_, response) => {
      response.writeHead(200, { 'content-length': 6 })
      response.write('abc')
      await sleep(10)
      response.write('def')
      await sleep(10)
      response.end()
    }
    const handlerErrors: unknown[] = []
    const { url } = await start({ app, onHandlerError: (error) => void handlerErrors.push(error) })
    const responses = await requestWithNodeHttp1(url, [{}, {}])
    expect(responses.map(({ body }) => body.toString())).toEqual(['abcdef', 'abcdef'])
    expect(handlerErrors).toEqual([])
  })

  test('to a handler that throws is 500, and the error is told of', async () => {
    const handlerErrors: unknown[] = []
    const { url } = await start({
      app: () => Promise.reject(new Error('the fault')),
      onHandlerError: (error) => void handlerErrors.push(error),
    })
    expect(await requestWithNodeHttp1(url)).toMatchObject([{ status: 500 }])
    expect(handlerErrors).toMatchObject([{ message: 'the fault' }])
  })

  test('refuses trailers, which uWebSockets.js has not', async () => {
    expect(
      await misuses((response) => {
        response.writeHead(200)
        return [() => response.end('', { 'x-checksum': '1b2c' })]
      }),
    ).toEqual(['INVALID_FIELD'])
  })

  test('refuses what HTTP does not allow', async () => {
    expect(
      await misuses((response) => [
        () => response.write('a'),
        () => response.send(99),
        () => response.send(204, {}, 'body'),
        () => response.send(200, { 'content-length': 3 }, 'body'),
        () => response.send(200, { connection: 'close' }),
        () => response.informational(101),
        () => response.writeHead(200, { 'content-length': 0 }),
        () => response.writeHead(200),
        () => response.write('more'),
        () => response.end(),
        () => response.write('more'),
      ]),
    ).toEqual([
      'HEAD_NOT_SENT',
      'INVALID_STATUS',
      'BODY_NOT_ALLOWED',
      'CONTENT_LENGTH_MISMATCH',
      'INVALID_FIELD',
      'INVALID_STATUS',
      undefined,
      'HEAD_ALREADY_SENT',
      'CONTENT_LENGTH_MISMATCH',
      undefined,
      'RESPONSE_ENDED',
    ])
  })

  test('leaves informational responses out', async () => {
    const app: Handler = (_, response) => {
      response.informational(103, { link: '</style.css>; rel=preload' })
      response.send(200, {}, 'final\n')
    }
    const { url } = await start({ app })
    const { body } = await curl(url, '--http1.1', '--include')
    expect(body).toMatch(/^HTTP\/1\.1 200 OK/)
  })

  test('that is reset closes its connection, and the request is aborted', async () => {
    let aborted = false
    const app: Handler = async (request, response) => {
      request.signal.addEventListener('abort', () => {
        aborted = true
      })
      await sleep(10)
      response.reset()
    }
    const { url } = await start({ app })
    const client = await rawHttp1Client(url)
    client.request()
    await client.closed
    expect(client.responses).toEqual([])
    expect(aborted).toBe(true)
  })

  test('that is in work when the server is closed comes to its end, and asks to close', async () => {
    let answer = () => {}
    const app: Handler = async (_, response) => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      response.send(200, {}, 'x'.repeat(8_000_000))
    }
    const server = await start({ app })
    const client = await rawHttp1Client(server.url)
    client.request()
    await sleep(50)
    let head = ''
    client.socket.once('data', (octets: Buffer) => {
      head = octets.toString('latin1', 0, 200)
    })
    const closed = server.close({ graceMs: 20_000 })
    answer()
    await closed
    await eventually(() => expect(client.responses).toEqual([{ status: 200, length: 8_000_000 }]))
    expect(head).toContain('connection: close\r\n')
    expect(await client.closed).toBe('ended')
  })
})
