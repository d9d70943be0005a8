import { describe, expect, test } from 'vitest'
import { checkHeaders } from '../../src/cli/load-request'
import { type LoadFlags, loadSettings } from '../../src/cli/load-settings'

const URL_HERE = 'http://127.0.0.1:8080/'

const settingsOf = (flags: LoadFlags) => loadSettings([URL_HERE], flags)

test('the default is one request after the other for ten seconds', () => {
  expect(settingsOf({})).toEqual({
    origin: 'http://127.0.0.1:8080',
    urls: [{ url: URL_HERE, weight: 1 }],
    httpVersion: undefined,
    method: 'GET',
    headers: [],
    bodyFile: undefined,
    connections: 1,
    streams: 1,
    part: { loop: { kind: 'closed' }, until: { kind: 'time', seconds: 10 } },
    warmup: 0,
    answerTime: 10,
    seed: 1,
    workers: { kind: 'processes', count: 1 },
    ownTarget: false,
    json: false,
  })
})

test('URLs have weights in their order; fragments are left out', () => {
  const { urls } = loadSettings(['http://[::1]/a?b=c#d', 'http://[::1]'], { weights: '3,0.5' })
  expect(urls).toEqual([
    { url: 'http://[::1]/a?b=c', weight: 3 },
    { url: 'http://[::1]/', weight: 0.5 },
  ])
})

test('a rate makes an open loop, two of them a ramp', () => {
  expect(settingsOf({ rate: 1000 }).part.loop).toEqual({
    kind: 'open',
    rate: { from: 1000, to: 1000 },
    arrivals: 'constant',
  })
  expect(settingsOf({ rate: '0.5..2000', arrivals: 'poisson' }).part.loop).toEqual({
    kind: 'open',
    rate: { from: 0.5, to: 2000 },
    arrivals: 'poisson',
  })
})

test('the names of header fields are in lower case', () => {
  const { headers } = settingsOf({ header: ['Accept:text/html', 'X-Empty:', 'a:  b:c\t'] })
  expect(headers).toEqual([
    ['accept', 'text/html'],
    ['x-empty', ''],
    ['a', 'b:c'],
  ])
})

test('a body is sent by POST unless a method is given', () => {
  expect(settingsOf({ body: 'file' })).toMatchObject({ method: 'POST', bodyFile: 'file' })
  expect(settingsOf({ body: 'file', method: 'GET' })).toMatchObject({ method: 'GET' })
})

test('workers are commands, each run as often as there are threads', () => {
  expect(settingsOf({ workers: ['ssh a', 'ssh b'], threads: 2, connections: 4 }).workers).toEqual({
    kind: 'commands',
    commands: ['ssh a', 'ssh b'],
    workerCommand: 'h2lab load --worker',
    each: 2,
  })
})

test('what HTTP/2 has no place for is refused once it is known that the server speaks it', () => {
  const { headers } = settingsOf({ header: 'Connection: close' })
  checkHeaders(headers, 'http/1.1')
  expect(() => checkHeaders(headers, 'h2')).toThrow('RFC 9113 section 8.2.2')
})

describe('refused with what is allowed', () => {
  test.each<[LoadFlags, string]>([
    [{ duration: 1, requests: 5 }, "--duration and --requests can't be given together"],
    [{ rate: '1..2', requests: 5 }, '--rate with a ramp requires --duration'],
    [{ rate: 'fast' }, '--rate can\'t be "fast": it must be requests per second, from 0.01'],
    [{ rate: '10...20' }, '--rate can\'t be "10...20"'],
    [{ rate: '0' }, '--rate can\'t be "0"'],
    [{ arrivals: 'poisson' }, '--arrivals requires --rate'],
    [
      { rate: 1, arrivals: 'even' },
      '--arrivals can\'t be "even": it must be one of constant, poisson',
    ],
    [{ connections: 0 }, '--connections can\'t be "0": it must be an integer from 1'],
    [{ streams: 1.5 }, '--streams can\'t be "1.5": it must be an integer from 1'],
    [{ connections: 10, requests: 9 }, '--requests 9 is too few for --connections 10'],
    [{ threads: 2 }, "--connections 1 can't be divided among 2 workers: it must be at least 2"],
    [{ weights: '1,2' }, '--weights has 2 for one URL: it must have one for each'],
    [{ weights: 0 }, '--weights can\'t be "0": it must be numbers above 0'],
    [{ method: 'GET /' }, '--method can\'t be "GET /": it must be one word'],
    [{ method: 'CONNECT' }, '--method can\'t be "CONNECT"'],
    [{ method: 'TRACE', body: 'file' }, "--body can't be sent with TRACE"],
    [{ header: 'no colon' }, '--header can\'t be "no colon": it must be a name and a value'],
    [{ header: ':path: /' }, '--header can\'t be ":path: /": its name must consist of letters'],
    [{ header: 'a b: c' }, '--header can\'t be "a b: c": its name must consist of letters'],
    [{ header: 'a: b\r\nc: d' }, 'its value must consist of printable ASCII characters'],
    [{ header: 'a: é' }, 'its value must consist of printable ASCII characters'],
    [{ header: 'Host: box' }, "host can't be chosen: it is what the URL says"],
    [
      { header: 'Content-Length: 5' },
      "content-length can't be chosen: it is the length of the body",
    ],
    [{ header: 'connection: close', http: 'h2' }, 'HTTP/2 does not allow connection'],
    [{ header: 'te: gzip', http: 'h2' }, 'te must be trailers in HTTP/2'],
    [{ header: true }, "--header needs a value, such as 'name: value'."],
    [{ http: 'h3' }, '--http can\'t be "h3": it must be one of h2, http/1.1.'],
    [{ workers: ['ssh a', ' '], connections: 2 }, "--workers needs commands, such as 'ssh box1'"],
    [{ workerCommand: 'h2lab' }, '--worker-command requires --workers'],
    [{ timeout: 0 }, '--timeout can\'t be "0": it must be a number from 0.001'],
    [{ seed: -1 }, '--seed can\'t be "-1": it must be an integer from 0'],
  ])('%j', (flags, message) => {
    expect(() => settingsOf(flags)).toThrow(message)
  })

  test.each([
    [[], 'h2lab load needs its argument <url>.'],
    [['box:8443'], 'The URL can\'t be "box:8443": it must begin with https:// or http://.'],
    [['http://me:secret@[::1]/'], "A URL can't have a user or password"],
    [
      ['http://[::1]/', 'https://[::1]/'],
      'All URLs must have the same origin, not http://[::1] and https://[::1].',
    ],
  ])('%j', (urls, message) => {
    expect(() => loadSettings(urls, {})).toThrow(message)
  })
})
