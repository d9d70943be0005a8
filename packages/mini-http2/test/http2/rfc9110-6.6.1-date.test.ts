import { concatenate } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { type FieldsInit, type Handler, prebuildResponse } from '../../src'
import { FetchResponse, toHandler } from '../../src/fetch'
import type { Http2Init } from '../../src/protocol'
import { takeAll } from '../support/exchange'
import { settingsFrame, windowUpdateFrame } from '../support/frames'
import { opening } from '../support/http2'
import { Http2Client, turn } from '../support/http2-client'
import {
  GET,
  HEAD,
  http2Connection,
  POST,
  ResponseReader,
  request,
} from '../support/http2-messages'
import { parseFrames } from '../support/parse-frames'

/** The time in the RFC's example, section 5.6.7. */
const AT = Date.UTC(1994, 10, 6, 8, 49, 37)
const DATE = 'Sun, 06 Nov 1994 08:49:37 GMT'
const NEXT_SECOND = 'Sun, 06 Nov 1994 08:49:38 GMT'
const OWN = 'Thu, 01 Jan 1970 00:00:00 GMT'

/** A clock that is set by the test, and counts how often it is read. */
class WallClock {
  now = AT
  readings = 0
  readonly read = (): number => {
    this.readings++
    return this.now
  }
}

function clientOf(app: Handler, init: Omit<Http2Init, 'app'> = {}, ...opening: Uint8Array[]) {
  const clock = new WallClock()
  const client = new Http2Client(app, { date: true, wallClock: clock.read, ...init }, ...opening)
  return { clock, client }
}

/** The values of `date` in the response on a stream. */
function datesOf(client: Http2Client, streamId: number): string[] {
  const { fields = [] } = client.response(streamId)
  return fields.filter(([name]) => name === 'date').map(([, value]) => value)
}

const text: FieldsInit = { 'content-type': 'text/plain' }

const WAYS: Readonly<Record<string, Handler>> = {
  send: (_, response) => response.send(200, text, 'Hello World\n'),
  'send without fields': (_, response) => response.send(200),
  'send with an error': (_, response) => response.send(404, text, 'nothing here'),
  'send with a redirect': (_, response) => response.send(301, { location: '/' }),
  'send with 304': (_, response) => response.send(304, { etag: '"1"' }),
  writeHead(_, response) {
    response.writeHead(200, text)
    response.end('Hello World\n')
  },
  toHandler: toHandler(() => new FetchResponse('Hello World\n') as unknown as Response),
  'a failure'() {
    throw new Error('a mistake of the application')
  },
}

describe.each(Object.entries(WAYS))('a response by %s', (_, app) => {
  const init = { onHandlerError: () => {} }

  test('has one date, that of the moment', () => {
    const { client, clock } = clientOf(app, init)
    client.send(request(1, GET))
    expect(datesOf(client, 1)).toEqual([DATE])
    clock.now += 1000
    client.send(request(3, GET), request(5, HEAD), request(7, GET))
    for (const streamId of [3, 5, 7]) expect(datesOf(client, streamId)).toEqual([NEXT_SECOND])
  })

  test('is whole but for that', () => {
    const { client } = clientOf(app, init)
    const without = clientOf(app, { ...init, date: false }).client
    for (const one of [client, without]) one.send(request(1, GET), request(3, HEAD))
    for (const streamId of [1, 3]) {
      const { fields = [], ...rest } = client.response(streamId)
      const others = fields.filter(([name]) => name !== 'date')
      expect({ ...rest, fields: others }).toEqual(without.response(streamId))
    }
  })

  test('has none if it is not wanted', () => {
    const { client, clock } = clientOf(app, { ...init, date: false })
    client.send(request(1, GET))
    expect(datesOf(client, 1)).toEqual([])
    expect(clock.readings).toBe(0)
  })
})

describe('date', () => {
  test('is on by default, and tells the time', () => {
    const before = Math.floor(Date.now() / 1000) * 1000
    const client = new Http2Client(WAYS['send']!, { date: undefined })
    client.send(request(1, GET))
    const [date = ''] = datesOf(client, 1)
    expect(Date.parse(date)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(date)).toBeLessThanOrEqual(Date.now())
  })

  const own: FieldsInit = { Date: OWN }
  const ownPrebuilt = prebuildResponse({ headers: own, body: 'abc' })
  test.each<[string, Handler]>([
    ['send', (_, response) => response.send(200, own, 'abc')],
    ['writeHead', (_, response) => void [response.writeHead(200, own), response.end('abc')]],
    ['sendPrebuilt', (_, response) => response.sendPrebuilt(ownPrebuilt)],
  ])('that the application gives to %s wins', (_, app) => {
    const { client } = clientOf(app)
    for (const streamId of [1, 3, 5]) {
      client.send(request(streamId, streamId === 5 ? HEAD : GET))
      expect(datesOf(client, streamId)).toEqual([OWN])
    }
  })

  test.each([
    ['', prebuildResponse({ headers: text, body: 'Hello World\n' })],
    [' of several parts', prebuildResponse({ headers: text, body: 'x'.repeat(100_000) })],
    [' with a wide head', prebuildResponse({ headers: { wide: '~'.repeat(16_380) }, body: 'abc' })],
  ])('is not added to a prebuilt response%s', (_, prebuilt) => {
    const { client } = clientOf((_, response) => response.sendPrebuilt(prebuilt))
    client.send(request(1, GET), request(3, HEAD))
    for (const streamId of [1, 3]) {
      expect(client.response(streamId).status).toBe(200)
      expect(datesOf(client, streamId)).toEqual([])
    }
  })

  test('is that of the call of a handler that had to wait', () => {
    const { client, clock } = clientOf(
      (_, response) => response.send(200, text, 'a'.repeat(2000)),
      { limits: { maxWaitingOutput: 1000 } },
    )
    client.connection.receive(Buffer.concat([request(1, GET), request(3, GET)]))
    clock.now += 1000
    client.send()
    expect(datesOf(client, 1)).toEqual([DATE])
    expect(datesOf(client, 3)).toEqual([NEXT_SECOND])
  })

  test('is neither in informational responses nor in trailers', () => {
    const { client } = clientOf((_, response) => {
      response.informational(103, { link: '</style.css>' })
      response.writeHead(200)
      response.end('abc', { checksum: '1' })
    })
    client.send(request(1, GET))
    expect(client.response(1)).toMatchObject({
      informational: [{ status: 103, fields: [['link', '</style.css>']] }],
      fields: [['date', DATE]],
      trailers: [['checksum', '1']],
    })
  })

  test('is in the answer to a header list that is too large', () => {
    const { client } = clientOf(WAYS['send']!, { limits: { maxHeaderListSize: 200 } })
    client.send(request(1, [...GET, ['x-long', 'x'.repeat(300)]]))
    expect(client.response(1).status).toBe(431)
    expect(datesOf(client, 1)).toEqual([DATE])
  })

  test('is right for one who answers later', async () => {
    const { client, clock } = clientOf(async ({ body }, response) => {
      await body.octets()
      response.send(200, text)
    })
    // The same head first, so that it is a repeated one.
    for (const streamId of [1, 3]) client.send(request(streamId, POST, { body: ['abc'] }))
    await turn()
    const waiting = new Promise<void>((resolve) => setImmediate(resolve))
    clock.now += 1000
    await waiting
    client.send(request(5, POST, { body: ['abc'] }))
    clock.now += 1000
    await turn()
    expect(datesOf(client, 3)).toEqual([DATE])
    expect(datesOf(client, 5)).toEqual(['Sun, 06 Nov 1994 08:49:39 GMT'])
  })

  test('is right for a request that was held until output was taken', () => {
    const clock = new WallClock()
    const app: Handler = ({ path }, response) => {
      response.writeHead(200)
      if (path === '/large') for (let part = 0; part < 6; part++) response.write('x'.repeat(15_000))
      response.end()
    }
    const limits = { maxWaitingOutput: 100 }
    const connection = http2Connection(app, { date: true, wallClock: clock.read, limits })
    const windows = windowUpdateFrame(0, 2 ** 30)
    connection.receive(concatenate(opening({ INITIAL_WINDOW_SIZE: 2 ** 30 }), windows))
    takeAll(connection)
    const large = GET.map(([name, value]): [string, string] => [
      name,
      name === ':path' ? '/large' : value,
    ])
    connection.receive(concatenate(request(1, large), request(3, GET)))
    expect(connection.holdsInput).toBe(true)
    clock.now += 1000
    connection.tick(1000)
    const { fields } = new ResponseReader().read(parseFrames(takeAll(connection))).response(3)
    expect(fields).toContainEqual(['date', NEXT_SECOND])
  })

  test('reads the clock once for all that is answered in one turn', () => {
    const { client, clock } = clientOf(WAYS['send']!)
    const requests = Array.from({ length: 10 }, (_, index) => request(1 + 2 * index, GET))
    client.send(...requests)
    expect(clock.readings).toBe(1)
    expect(datesOf(client, 19)).toEqual([DATE])
  })

  test('costs an octet from the second response of a second on', () => {
    const lengthsWith = (date: boolean) => {
      const { client } = clientOf(WAYS['send']!, { date })
      return [1, 3, 5, 7].map((streamId) => {
        client.send(request(streamId, GET))
        const [head] = client.framesOf(streamId)
        return head?.type === 'HEADERS' ? head.fragment.length : 0
      })
    }
    const without = lengthsWith(false)
    const added = lengthsWith(true).map((length, index) => length - without[index]!)
    expect(added).toEqual([25, 1, 1, 1])
  })

  test('does not make heads longer that come for minutes', () => {
    const { client, clock } = clientOf(WAYS['send']!)
    const lengths = Array.from({ length: 200 }, (_, index) => {
      clock.now += 1000
      const streamId = 1 + 2 * index
      client.send(request(streamId, GET))
      const [head] = client.framesOf(streamId)
      return head?.type === 'HEADERS' ? head.fragment.length : 0
    })
    // Once a minute, content-type has been evicted from the table.
    for (const length of lengths.slice(1)) expect(length).toBeLessThan(45)
  })

  test('goes on behind a change of the dynamic table', () => {
    const { client } = clientOf(WAYS['send']!, {}, settingsFrame({ HEADER_TABLE_SIZE: 100 }))
    client.send(request(1, GET), request(3, GET))
    for (const streamId of [1, 3]) expect(datesOf(client, streamId)).toEqual([DATE])
  })

  test('goes back with the clock', () => {
    const { client, clock } = clientOf(WAYS['send']!)
    client.send(request(1, GET))
    clock.now -= 1000
    client.send(request(3, GET))
    expect(datesOf(client, 3)).toEqual(['Sun, 06 Nov 1994 08:49:36 GMT'])
  })
})
