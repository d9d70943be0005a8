import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import net from 'node:net'
import { asyncSockets } from '@h2lab/server-async'
import { none } from '@h2lab/server-sync'
import { uws, uwsAvailability } from '@h2lab/server-uws'
import { devTls } from '@h2lab/tls-context'
import { describe, expect, onTestFinished, test } from 'vitest'
import { serverStarter } from '../../../../test-support/server-starter'
import { checkAnswer } from '../../src/answer-check/check-answer'
import type { HttpVersion } from '../../src/load/http-version'
import { listening } from '../support/listening'

/*
 * Real servers, which answer in all the ways there are.
 */

/** What the requests and responses of both protocols have in common. */
type Answer = (
  request: { readonly url?: string | undefined; readonly socket: net.Socket },
  response: { statusCode: number; write(text: string): boolean; end(text: string): unknown },
) => void

interface Case {
  readonly name: string
  readonly scheme: 'http' | 'https'
  readonly httpVersion: HttpVersion
  readonly other: HttpVersion
  makeServer(answer: Answer): net.Server
}

const tls = await devTls()

const CASES: readonly Case[] = [
  {
    name: 'node:http2 without TLS',
    httpVersion: 'h2',
    other: 'http/1.1',
    scheme: 'http',
    makeServer: (answer) => http2.createServer(answer),
  },
  {
    name: 'node:http2 with TLS',
    httpVersion: 'h2',
    other: 'http/1.1',
    scheme: 'https',
    makeServer: (answer) => http2.createSecureServer(tls, answer),
  },
  {
    name: 'node:http',
    httpVersion: 'http/1.1',
    other: 'h2',
    scheme: 'http',
    makeServer: (answer) => http.createServer(answer),
  },
  {
    name: 'node:https',
    httpVersion: 'http/1.1',
    other: 'h2',
    scheme: 'https',
    makeServer: (answer) => https.createServer(tls, answer),
  },
]

async function urlOf(scheme: string, server: net.Server): Promise<string> {
  return `${scheme}://127.0.0.1:${(await listening(server)).port}/`
}

function answering(status: number, body: string): Answer {
  return (_, response) => {
    response.statusCode = status
    response.end(body)
  }
}

const right = answering(200, 'Hello World\n')

/** An error whose message has all these parts. */
function wrongAnswer(...parts: string[]): object {
  const message = expect.toSatisfy((text: string) => parts.every((part) => text.includes(part)))
  return expect.objectContaining({ name: 'MeasureError', code: 'WRONG_ANSWER', message })
}

describe.each(CASES)('of $name', ({ httpVersion, other, scheme, makeServer }) => {
  async function start(answer: Answer): Promise<string> {
    return urlOf(scheme, makeServer(answer))
  }

  test('the right answer is accepted', async () => {
    await checkAnswer(await start(right), httpVersion)
  })

  test('the same status with other octets is refused, and both are told', async () => {
    const url = await start(answering(200, 'Hello world\n'))
    await expect(checkAnswer(url, httpVersion)).rejects.toEqual(
      wrongAnswer(url, 'the octets "Hello world\\n"', 'and the 12 octets "Hello World\\n"'),
    )
  })

  test.each(['', 'Hello World', 'Hello World\n\n', 'Hello World\n'.repeat(100_000)])(
    'another length is refused (case %#)',
    async (body) => {
      const url = await start(answering(200, body))
      await expect(checkAnswer(url, httpVersion)).rejects.toEqual(wrongAnswer(url, 'the octets'))
    },
  )

  test.each([201, 404, 500])('the same octets with status %i are refused', async (status) => {
    const url = await start(answering(status, 'Hello World\n'))
    await expect(checkAnswer(url, httpVersion)).rejects.toEqual(
      wrongAnswer(url, `status ${status}`, 'with status 200'),
    )
  })

  test('the other protocol is refused', async () => {
    const url = await start(right)
    await expect(checkAnswer(url, other)).rejects.toEqual(wrongAnswer(url, 'no answer in HTTP/'))
  })

  test('an answer that breaks off is refused', async () => {
    const server = makeServer((_, response) => {
      response.write('Hello ')
      setTimeout(() => destroyAll(), 20)
    })
    const { port, sockets } = await listening(server)
    const destroyAll = () => {
      for (const socket of sockets) socket.destroy()
    }
    const url = `${scheme}://127.0.0.1:${port}/`
    await expect(checkAnswer(url, httpVersion)).rejects.toEqual(wrongAnswer(url, 'no answer'))
  })

  test('a connection that closes without an answer is refused', async () => {
    const url = await start((request) => request.socket.destroy())
    await expect(checkAnswer(url, httpVersion)).rejects.toEqual(wrongAnswer(url, 'no answer'))
  })

  test('no answer at all can be waited for until a signal', async () => {
    const controller = new AbortController()
    const url = await start(() => controller.abort(new Error('no longer')))
    await expect(checkAnswer(url, httpVersion, { signal: controller.signal })).rejects.toThrow(
      'no longer',
    )
  })

  test.each([200, 204])('of a foreign server, status %i and any octets will do', async (status) => {
    const url = await start(answering(status, status === 204 ? '' : 'Something else.'))
    await checkAnswer(url, httpVersion, { body: 'any' })
  })

  test('of a foreign server, status 503 is refused', async () => {
    const url = await start(answering(503, 'Come again.'))
    await expect(checkAnswer(url, httpVersion, { body: 'any' })).rejects.toEqual(
      wrongAnswer(url, 'status 503', 'with status 2xx'),
    )
  })

  test('of a foreign server, the other protocol is refused', async () => {
    const url = await start(right)
    await expect(checkAnswer(url, other, { body: 'any' })).rejects.toEqual(wrongAnswer(url))
  })

  test('the path is asked for with its query', async () => {
    let path: string | undefined
    const url = await start((request, response) => {
      path = request.url
      right(request, response)
    })
    await checkAnswer(`${url}some?thing=1`, httpVersion)
    expect(path).toBe('/some?thing=1')
  })
})

test('where nobody listens there is no answer', async () => {
  await expect(checkAnswer('http://127.0.0.1:1/', 'h2')).rejects.toEqual(
    wrongAnswer('http://127.0.0.1:1/', 'ECONNREFUSED'),
  )
})

test('a stream that is reset is no answer', async () => {
  const server = http2.createServer()
  server.on('stream', (stream) => {
    stream.on('error', () => {})
    stream.close(http2.constants.NGHTTP2_REFUSED_STREAM)
  })
  const url = await urlOf('http', server)
  await expect(checkAnswer(url, 'h2')).rejects.toEqual(wrongAnswer(url, 'REFUSED_STREAM'))
})

test('an answer of HTTP/1.0 is not one of HTTP/1.1', async () => {
  const server = net.createServer((socket) => {
    socket.end('HTTP/1.0 200 OK\r\ncontent-length: 12\r\n\r\nHello World\n')
  })
  const url = await urlOf('http', server)
  await expect(checkAnswer(url, 'http/1.1')).rejects.toEqual(wrongAnswer(url, 'HTTP/1.0'))
})

test('a TLS server without ALPN speaks HTTP/1.1, but not HTTP/2', async () => {
  const server = https.createServer({ ...tls, ALPNProtocols: [] }, right)
  const url = await urlOf('https', server)
  await checkAnswer(url, 'http/1.1')
  await expect(checkAnswer(url, 'h2')).rejects.toEqual(wrongAnswer(url, 'does not speak h2'))
})

for (const tls of [false, true]) {
  for (const protocol of ['mini', 'http2']) {
    const starter = serverStarter(asyncSockets, { protocol, tls })
    test(`${starter.name} answers right`, async () => {
      await checkAnswer((await starter.start()).url, 'h2')
    })
  }

  const starter = serverStarter(uws, { protocol: undefined, tls })
  testWithUws(`${starter.name} answers right`, async () => {
    await checkAnswer((await starter.start()).url, 'http/1.1')
  })
}

testWithUws('uws with TLS speaks no HTTP/2', async () => {
  const { url } = await serverStarter(uws, { protocol: undefined, tls: true }).start()
  await expect(checkAnswer(url, 'h2')).rejects.toEqual(wrongAnswer(url, 'does not speak h2'))
})

/** Without a build of uWebSockets.js they are skipped; where `CI` is `true` they fail. */
function testWithUws(title: string, body: () => Promise<void>): void {
  const availability = uwsAvailability()
  if (availability.state === 'available' || process.env['CI'] === 'true') test(title, body)
  else test.skip(`${title} (skipped: ${availability.reason})`)
}

test('all connections are open at the same time', async () => {
  const waiting: (() => void)[] = []
  const server = http2.createServer((request, response) => {
    waiting.push(() => right(request, response))
    if (waiting.length === 5) for (const answer of waiting) answer()
  })
  await checkAnswer(await urlOf('http', server), 'h2', { connections: 5 })
  expect(waiting).toHaveLength(5)
})

test('many connections make Node.js warn of nothing', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error) => void warnings.push(warning)
  process.on('warning', onWarning)
  onTestFinished(() => void process.off('warning', onWarning))
  await checkAnswer(await urlOf('http', http2.createServer(right)), 'h2', { connections: 50 })
  await new Promise((resolve) => setImmediate(resolve))
  expect(warnings).toEqual([])
})

test('one wrong answer among several is refused', async () => {
  let requests = 0
  const server = http2.createServer((request, response) => {
    const answer = ++requests === 2 ? answering(503, 'Come again.') : right
    answer(request, response)
  })
  const url = await urlOf('http', server)
  await expect(checkAnswer(url, 'h2', { connections: 3 })).rejects.toEqual(
    wrongAnswer(url, 'status 503'),
  )
})

test('a server for one client at a time is free when the check is over', async () => {
  const { url } = await serverStarter(none, { protocol: 'mini', tls: false }).start()
  await checkAnswer(url, 'h2')
  await checkAnswer(url, 'h2')
})
