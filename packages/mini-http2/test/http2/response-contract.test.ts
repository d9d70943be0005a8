import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  AFTER_THE_END,
  AFTER_THE_HEAD,
  BEFORE_THE_HEAD,
  type Misuse,
} from '../../../../test-support/apps/misuses.mjs'
import {
  type FieldList,
  type FieldsInit,
  MisuseError,
  prebuildResponse,
  type ServerResponse,
} from '../../src'
import { CheckedResponse } from '../../src/protocol'
import { Http2Client, turn } from '../support/http2-client'
import { GET, HEAD, request } from '../support/http2-messages'

/*
 * The response of `http2` and those based on CheckedResponse enforce the same rules.
 */

/** Records what it should send. */
class RecordedResponse extends CheckedResponse {
  readonly submitted: unknown[][] = []
  protected readonly method: string
  keepsUp = true
  settled = false

  constructor(method: string) {
    super()
    this.method = method
  }

  protected submitWhole(...given: unknown[]): void {
    this.#add('whole', given)
    this.settled = true
  }

  protected submitPrebuilt({ status }: { readonly status: number }): void {
    this.#add('prebuilt', [status])
    this.settled = true
  }

  protected submitHead(...given: unknown[]): void {
    this.#add('head', given)
  }

  protected submitPart(...given: unknown[]): void {
    this.#add('part', given)
  }

  protected submitEnd(...given: unknown[]): void {
    this.#add('end', given)
    this.settled = true
  }

  protected submitInformational(...given: unknown[]): void {
    this.#add('informational', given)
  }

  protected submitReset(...given: unknown[]): void {
    this.#add('reset', given)
    this.settled = true
  }

  #add(what: string, given: readonly unknown[]): void {
    this.submitted.push([what, ...given])
  }
}

const METHODS: Readonly<Record<string, FieldList>> = {
  GET,
  HEAD,
  CONNECT: [
    [':method', 'CONNECT'],
    [':authority', 'example.org:443'],
  ],
}

/** The response to a request that was received by a connection. */
function ofHttp2(method: string): ServerResponse {
  let held: ServerResponse | undefined
  const client = new Http2Client((_, response) => {
    held = response
  })
  client.send(request(1, METHODS[method]!))
  return held!
}

function codeOf(call: () => unknown): unknown {
  try {
    return ['returned', call()]
  } catch (error) {
    return error instanceof MisuseError ? ['threw', error.code] : error
  }
}

const prebuilt = prebuildResponse({ body: 'abc' })

type Call = (response: ServerResponse) => unknown

const statuses = fc.constantFrom(100, 103, 199, 200, 204, 205, 304, 404, 600)
const headers = fc.constantFrom<FieldsInit>(
  {},
  { a: 'b' },
  { 'content-length': 0 },
  { 'content-length': 3 },
  { 'content-length': 'x' },
  { connection: 'close' },
  { 'a b': '1' },
)
const bodies = fc.constantFrom('', 'abc', 'ä', new Uint8Array(3), 'abcdef')
const trailers = fc.constantFrom<FieldsInit | undefined>(undefined, {}, { t: '1' }, { 'a b': '1' })

const calls: fc.Arbitrary<readonly [string, Call]> = fc.oneof(
  fc
    .tuple(statuses, headers, bodies)
    .map((given): readonly [string, Call] => [
      `send ${JSON.stringify(given)}`,
      (response) => response.send(...given),
    ]),
  fc
    .tuple(statuses, headers)
    .map((given): readonly [string, Call] => [
      `writeHead ${JSON.stringify(given)}`,
      (response) => response.writeHead(...given),
    ]),
  fc
    .tuple(statuses, headers)
    .map((given): readonly [string, Call] => [
      `informational ${JSON.stringify(given)}`,
      (response) => response.informational(...given),
    ]),
  bodies.map((body): readonly [string, Call] => [
    `write ${body}`,
    (response) => response.write(body),
  ]),
  fc
    .tuple(bodies, trailers)
    .map((given): readonly [string, Call] => [
      `end ${JSON.stringify(given)}`,
      (response) => response.end(...given),
    ]),
  fc.constantFrom<readonly [string, Call]>(
    ['sendPrebuilt', (response) => response.sendPrebuilt(prebuilt)],
    ['sendPrebuilt of none', (response) => response.sendPrebuilt({ ...prebuilt })],
    ['reset', (response) => response.reset()],
  ),
)

test('whatever is said in whatever order, both allow and refuse the same', () => {
  const methods = fc.constantFrom('GET', 'HEAD', 'CONNECT')
  fc.assert(
    fc.property(methods, fc.array(calls, { maxLength: 6 }), (method, sequence) => {
      const [one, other] = [ofHttp2(method), new RecordedResponse(method)]
      for (const [title, call] of sequence) {
        const [first, second] = [one, other].map((response) => codeOf(() => call(response)))
        expect(second, `${method}: ${title}`).toEqual(first)
        expect([other.headSent, other.ended], title).toEqual([one.headSent, one.ended])
      }
    }),
    { numRuns: 3000 },
  )
})

describe('a checked response refuses', () => {
  const all: readonly (readonly [string, Misuse])[] = [
    ...Object.entries(BEFORE_THE_HEAD),
    ...Object.entries(AFTER_THE_HEAD),
    ...Object.entries(AFTER_THE_END),
  ]

  test.each(all)('%s, and submits nothing of it', (_, { code, before, call, method = 'GET' }) => {
    const response = new RecordedResponse(method)
    before?.(response)
    const submitted = [...response.submitted]
    expect(() => call(response)).toThrow(expect.objectContaining({ name: 'MisuseError', code }))
    expect(response.submitted).toEqual(submitted)
  })
})

describe('a checked response submits', () => {
  test('a whole response with its content-length', () => {
    const response = new RecordedResponse('GET')
    response.send(200, { a: 'b' }, 'abc')
    expect(response.submitted).toEqual([
      [
        'whole',
        200,
        [
          ['a', 'b'],
          ['content-length', '3'],
        ],
        'abc',
      ],
    ])
  })

  test('a response in steps, and what is left of its length', () => {
    const response = new RecordedResponse('GET')
    response.informational(103, { link: '</a>' })
    response.writeHead(200, { 'content-length': 6 })
    expect(response.write('abc')).toBe(true)
    expect(response.write('')).toBe(true)
    response.end('def', { t: '1' })
    expect(response.submitted).toEqual([
      ['informational', 103, [['link', '</a>']]],
      ['head', 200, [['content-length', '6']], 6],
      ['part', 'abc', 3],
      ['end', 'def', [['t', '1']]],
    ])
  })

  test('no content, nor trailers, of a response to HEAD', () => {
    const response = new RecordedResponse('HEAD')
    response.writeHead(200)
    response.write('abc')
    response.end('def', { t: '1' })
    expect(response.submitted).toEqual([
      ['head', 200, [], undefined],
      ['end', undefined, []],
    ])
  })

  test('a reset once, and nothing behind it', () => {
    const response = new RecordedResponse('GET')
    response.reset()
    response.reset('INTERNAL_ERROR')
    response.send(200)
    response.writeHead(200)
    response.end()
    expect(response.submitted).toEqual([['reset', 'CANCEL']])
    expect(response.ended).toBe(true)
  })
})

describe('drained', () => {
  test('waits until the client keeps up', async () => {
    const response = new RecordedResponse('GET')
    response.writeHead(200)
    response.keepsUp = false
    expect(response.write('abc')).toBe(false)
    let times = 0
    for (let waiter = 0; waiter < 2; waiter++) void response.drained().then(() => times++)
    response.onProgress()
    await turn()
    expect(times).toBe(0)
    response.keepsUp = true
    response.onProgress()
    await turn()
    expect(times).toBe(2)
    await response.drained()
  })

  test('does not wait for a client that is gone', async () => {
    const response = new RecordedResponse('GET')
    response.writeHead(200)
    response.keepsUp = false
    const waiting = response.drained()
    response.abandon()
    await waiting
    await response.drained()
    expect(response.write('abc')).toBe(true)
    expect(response.submitted).toHaveLength(1)
  })
})
