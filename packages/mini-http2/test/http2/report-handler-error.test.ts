import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import { RequestBodyError, type RequestBodyErrorCode, type ServerRequest } from '../../src'
import { reportHandlerError } from '../../src/protocol'
import { rstStreamFrame } from '../support/frames'
import { Http2Client, turn } from '../support/http2-client'
import { GET, POST, request } from '../support/http2-messages'

let printed: MockInstance<typeof console.error>
beforeEach(() => {
  printed = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => printed.mockRestore())

/** All reports as text. */
const reports = () => printed.mock.calls.map((values) => values.join(' '))

/** Fails in a handler whose client has sent some frames. */
async function failWith(error: unknown, path = '/path'): Promise<void> {
  const client = new Http2Client(() => {
    throw error
  })
  client.send(request(1, [...GET.slice(0, 3), [':path', path]]))
  await turn()
}

describe('by default, what a handler throws', () => {
  test('is printed once, with method, path and stack', async () => {
    await failWith(new RangeError('too far'), '/path?query')
    expect(reports()).toHaveLength(1)
    expect(reports()[0]).toMatch(/^GET \/path\?query: RangeError: too far\n {4}at .*test\.ts:\d+/)
  })

  test('is printed with its code and causes', async () => {
    const cause = Object.assign(new Error('below'), { code: 'ERR_BELOW' })
    await failWith(new Error('above', { cause }))
    expect(reports()[0]).toMatch(/Error: above.*\[cause\]: Error: below.*code: 'ERR_BELOW'/s)
  })

  test.each([undefined, null, 'text', 42, { status: 1 }])(
    'is printed if it is %j, which is no error',
    async (thrown) => {
      await failWith(thrown)
      expect(reports()).toHaveLength(1)
      expect(reports()[0]).toMatch(/^GET \/path: /)
    },
  )

  test('is printed before the call returns, so that loops which block print it as well', () => {
    const client = new Http2Client(() => {
      throw new Error('now')
    })
    client.send(request(1, GET))
    expect(reports()).toHaveLength(1)
  })

  test('cannot command the terminal, nor end the line of method and path', () => {
    const error = new Error('\x1b[2J\x07\x9b1m')
    const { signal } = new AbortController()
    const asked = { method: 'GET', path: '/\x1b[31m\r\nPOST /other', signal }
    reportHandlerError(error, asked as ServerRequest)
    expect(reports()[0]).toContain(
      'GET /\\x1b[31m\\x0d\\x0aPOST /other: Error: \\x1b[2J\\x07\\x9b1m',
    )
    expect(reports()[0]?.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })

  test.each<RequestBodyErrorCode>(['BODY_TOO_LARGE', 'INVALID_JSON', 'CLIENT_GONE'])(
    'is not printed if the client has caused it: %s',
    async (code) => {
      await failWith(new RequestBodyError(code, 'the client’s doing'))
      expect(reports()).toEqual([])
    },
  )

  test('is printed if the handler reads a body twice', async () => {
    await failWith(new RequestBodyError('BODY_USED', 'twice'))
    expect(reports()).toHaveLength(1)
  })

  test('is not printed if it is the abort of a request that the client has given up', async () => {
    const client = new Http2Client(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    client.send(request(1, POST, { open: true }))
    client.send(rstStreamFrame(1))
    await turn()
    expect(reports()).toEqual([])
  })

  test('is printed if it is an abort of something else', async () => {
    await failWith(AbortSignal.abort().reason)
    expect(reports()).toHaveLength(1)
  })
})
