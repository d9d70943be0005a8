import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { CLIENT_PREFACE, FrameType, makeFrame, makeSettingsFrame } from '@h2lab/mini-http2/frames'
import { encodeWithoutDynamicTable } from '@h2lab/mini-http2/hpack'
import { corpusFolder } from './engine/corpus.mjs'

/*
 * Writes the inputs in fuzz/corpus that have names: what peers and users mostly send. `node fuzz/seeds.mjs`, once the
 * packages are built. The fuzzer adds others with --save.
 */

const END_STREAM = 1
const END_HEADERS = 4
const PADDED = 8
const PRIORITY = 32

const REQUEST = [
  [':method', 'GET'],
  [':scheme', 'https'],
  [':authority', 'localhost'],
  [':path', '/'],
]
const GET = encodeWithoutDynamicTable(REQUEST)
const POST = encodeWithoutDynamicTable([
  [':method', 'POST'],
  ...REQUEST.slice(1),
  ['content-length', '3'],
  ['cookie', 'a=b'],
  ['cookie', 'c=d'],
])
const CONNECT = encodeWithoutDynamicTable([
  [':method', 'CONNECT'],
  [':protocol', 'websocket'],
  ...REQUEST.slice(1),
])
const RESPONSE = encodeWithoutDynamicTable([
  [':status', '200'],
  ['content-length', '3'],
])
const INFORMATIONAL = encodeWithoutDynamicTable([[':status', '103']])
const TRAILERS = encodeWithoutDynamicTable([['x-trailer', 'one']])
/** `x-test: one` into the dynamic table, and its index. */
const INDEXED = Uint8Array.of(0x40, 6, ...octets('x-test'), 3, ...octets('one'), 0xbe)
/** A table size update, and Huffman code: `www.example.com` as in RFC 7541 appendix C.4.1. */
const RFC_7541 = Buffer.from('828684418cf1e3c2e5f23a6ba0ab90f4ff', 'hex')

/** A step as in fuzz/support/steps.ts. The order of frame types there is that of `FrameType`. */
const TYPES = Object.values(FrameType)
function step(type, flags, stream, payload = []) {
  return Buffer.from([TYPES.indexOf(type), flags, stream, payload.length, ...payload])
}
const TAKE = [192]
const LATER = [194]
const WAIT = [195, 60]
const AT_DEADLINE = [195, 128]
const DRAIN = [196]
const END_INPUT = [197]

const headers = (stream, block, flags = END_STREAM | END_HEADERS) =>
  step(FrameType.HEADERS, flags, stream, block)
const data = (stream, text, flags = END_STREAM) => step(FrameType.DATA, flags, stream, octets(text))
const settings = (entries) => step(FrameType.SETTINGS, 0, 0, makeSettingsFrame(entries).subarray(9))
const windowUpdate = (stream, increment) =>
  step(FrameType.WINDOW_UPDATE, 0, stream, [0, 0, increment, 0])
const OTHERS = [
  step(FrameType.PING, 0, 0, octets('12345678')),
  step(FrameType.PRIORITY, 0, 3, [0, 0, 0, 1, 15]),
  step(FrameType.PRIORITY_UPDATE, 0, 0, [0, 0, 0, 1, ...octets('u=1, i')]),
  windowUpdate(0, 1),
  windowUpdate(1, 1),
]
const GOAWAY = step(FrameType.GOAWAY, 0, 0, [0, 0, 0, 1, 0, 0, 0, 0])
const RESET = (stream) => step(FrameType.RST_STREAM, 0, stream, [0, 0, 0, 8])

const server = {
  requests: [[0, 0, 0, 0], [0], 7, headers(1, GET), headers(3, GET), TAKE, headers(5, INDEXED)],
  body: [[0, 0, 0, 0], [1], 7, headers(1, POST, END_HEADERS), data(1, 'abc'), LATER, TAKE],
  echo: [
    [0, 0, 0, 0],
    [6],
    7,
    headers(1, POST, END_HEADERS),
    LATER,
    data(1, 'a', 0),
    LATER,
    data(1, 'bc'),
  ],
  trailers: [
    [0, 0, 0, 0],
    [1],
    7,
    headers(1, GET, END_HEADERS),
    data(1, 'abc', 0),
    headers(1, TRAILERS),
  ],
  large: [
    [0, 0, 0, 0],
    [8],
    7,
    headers(1, GET),
    TAKE,
    windowUpdate(0, 255),
    windowUpdate(1, 255),
    TAKE,
  ],
  windows: [
    [0, 0, 0, 0],
    [8],
    7,
    settings({ INITIAL_WINDOW_SIZE: 9 }),
    headers(1, GET),
    TAKE,
    WAIT,
  ],
  continuation: [
    ...[[0, 0, 0, 0], [0], 7, headers(1, GET.subarray(0, 3), END_STREAM)],
    step(FrameType.CONTINUATION, END_HEADERS, 1, GET.subarray(3)),
  ],
  padded: [
    ...[[0, 0, 0, 0], [0], 7],
    headers(1, [2, 0, 0, 0, 0, 15, ...POST, 0, 0], END_HEADERS | PADDED | PRIORITY),
    step(FrameType.DATA, END_STREAM | PADDED, 1, [1, ...octets('abc'), 0]),
  ],
  deadlines: [
    [0, 0, 0, 0],
    [7],
    0x47,
    headers(1, GET),
    AT_DEADLINE,
    TAKE,
    AT_DEADLINE,
    AT_DEADLINE,
    TAKE,
  ],
  stalled: [
    [0, 0, 0, 0],
    [8],
    0x87,
    headers(1, GET),
    headers(3, GET),
    AT_DEADLINE,
    TAKE,
    AT_DEADLINE,
  ],
  prebuilt: [[0, 0, 0, 0], [10], 7, headers(1, GET), TAKE, headers(3, GET), TAKE],
  connect: [[0, 0, 0, 0], [129], 7, headers(1, CONNECT, END_HEADERS), data(1, 'abc'), LATER],
  endings: [
    [3, 2, 1, 2],
    [3],
    7,
    headers(1, GET),
    RESET(1),
    headers(3, GET),
    DRAIN,
    TAKE,
    END_INPUT,
    WAIT,
  ],
  others: [
    [0, 0, 0, 0],
    [0],
    7,
    ...OTHERS,
    settings({ HEADER_TABLE_SIZE: 0 }),
    headers(1, GET),
    GOAWAY,
  ],
}

const client = {
  response: [[1], 7, settings({}), headers(1, RESPONSE, END_HEADERS), data(1, 'abc'), ...OTHERS],
  informational: [
    [2],
    7,
    settings({}),
    headers(1, INFORMATIONAL, END_HEADERS),
    headers(1, RFC_7541),
  ],
  head: [[9], 7, settings({ HEADER_TABLE_SIZE: 0 }), headers(1, RESPONSE), GOAWAY],
  post: [[25], 7, settings({ INITIAL_WINDOW_SIZE: 9 }), windowUpdate(1, 9), RESET(1)],
  trailers: [
    [1],
    7,
    settings({}),
    headers(1, RESPONSE, 4),
    data(1, 'abc', 0),
    headers(1, TRAILERS),
  ],
  anything: [[129], 7, headers(9, RESPONSE, END_HEADERS), data(9, 'abc')],
}

const frames = [
  makeFrame(FrameType.HEADERS, END_STREAM | END_HEADERS, 1, GET),
  makeFrame(FrameType.HEADERS, END_HEADERS | PADDED | PRIORITY, 3, [1, 0, 0, 0, 0, 15, ...POST, 0]),
  makeFrame(FrameType.DATA, END_STREAM | PADDED, 3, [1, ...octets('abc'), 0]),
  makeSettingsFrame({ HEADER_TABLE_SIZE: 0, MAX_FRAME_SIZE: 16_384 }),
  makeFrame(FrameType.PING, 0, 0, octets('12345678')),
  makeFrame(FrameType.PRIORITY, 0, 3, [0, 0, 0, 1, 15]),
  makeFrame(FrameType.RST_STREAM, 0, 1, [0, 0, 0, 8]),
  makeFrame(FrameType.WINDOW_UPDATE, 0, 0, [0, 0, 1, 0]),
  makeFrame(FrameType.GOAWAY, 0, 0, [0, 0, 0, 1, 0, 0, 0, 0, ...octets('debug')]),
  makeFrame(FrameType.PUSH_PROMISE, END_HEADERS, 1, [0, 0, 0, 2, ...GET]),
  makeFrame(FrameType.PRIORITY_UPDATE, 0, 0, [0, 0, 0, 1, ...octets('u=1')]),
  makeFrame(0xbb, 0, 1, octets('unknown')),
]
const OPENING = [CLIENT_PREFACE, makeSettingsFrame({})]

const block = (list) => [list.length, ...list]
const hpack = {
  requests: [[0, 0, 0], block(GET), block(INDEXED), block([0xbe]), block(RFC_7541)],
  'table-size': [
    [0, 0, 0],
    block(INDEXED),
    [255, 1],
    block([0x20, ...GET]),
    block([0x3f, 1, 0x82]),
  ],
  small: [[2, 2, 2], block(POST), block(INDEXED), block(TRAILERS)],
  sensitive: [[0, 0, 0], block([0x10, 1, 97, 1, 98, 0x1f, 0, 1, 98]), block([0x7f, 0, 0])],
}

const trial = {
  ...{ outcome: 'completed', trial: 1, round: 1, implementation: 'async/mini', clients: 1 },
  ...{ streams: 10, tls: true, httpVersion: 'h2', generator: 'embedded', method: 'turns' },
  ...{ offeredRate: null, startedAt: '2026-11-25T09:52:03.000Z', repeatedAfter: null, duration: 2 },
  ...{ requestsTotal: 2000, requestsSucceeded: 2000, requestsFailed: 0, requestsErrored: 0 },
  ...{
    requestsTimedOut: 0,
    requestsPerSecond: 1000,
    refusals: 0,
    reconnections: 0,
    mostInFlight: 10,
  },
  ...{ requestsUnsent: 0, slices: 20, slicesDropped: 0, warmup: 0.5, steady: true },
  ...{ othersUtilisation: 0.02, stealUtilisation: 0, latencyMean: 100, latencyP50: 90 },
  ...{ latencyP90: 150, latencyP99: 300, latencyP999: 900, latencyMax: 2000 },
  ...{ serverCpuPerRequest: 2, serverUtilisation: 0.2, serverPeakMemory: 67_108_864 },
  ...{ generatorCpuPerRequest: 4, generatorUtilisation: 0.4, limit: 'neither', tlsCipher: null },
}
const failedTrial = {
  ...{ outcome: 'failed', trial: 2, round: 1, implementation: 'async/http2', clients: 1 },
  ...{ streams: 10, tls: true, generator: 'embedded', startedAt: '2026', error: 'It ended.' },
}
const manifest = {
  experiment: { name: 'sweep', title: 'speed' },
  startedAt: '2026-11-25T09:52:03.000Z',
  state: { kind: 'completed', endedAt: '2026-11-25T09:52:33.000Z' },
  trials: 2,
  options: {
    implementations: ['async/mini'],
    scenarios: [{ clients: 1, tls: true }],
    ...{ streams: [10], rates: [1000], arrivals: 'poisson', duration: 2, warmup: 0.5, repeat: 1 },
  },
  method: { kind: 'turns', seed: 1, slice: 0.1 },
  repetitions: { kind: 'budget', minutes: 1, precision: 0.05 },
  probe: [
    { implementation: 'async/mini', clients: 1, tls: true, streams: 1, requestsPerSecond: 9 },
  ],
  quick: false,
  others: [{ name: 'nginx', kind: 'peer', version: '1' }],
  generator: { name: 'embedded', version: '1' },
  tlsCiphers: ['TLSv1.3 TLS_AES_128_GCM_SHA256'],
  machine: {
    ...{ cpu: 'A CPU', cpus: 2, memory: 8e9, kernel: 'Linux', architecture: 'x64' },
    ...{ cpuSource: 'schedstat', used: { generator: [0], servers: [1] } },
    frequency: { lowest: 2000, highest: 3000 },
  },
  versions: { node: '20.20.2' },
}
const results = {
  run: [JSON.stringify(trial), '\n', JSON.stringify(failedTrial), '\n\0', JSON.stringify(manifest)],
  infinite: [
    JSON.stringify(trial).replace('"requestsPerSecond":1000', '"requestsPerSecond":1e999'),
  ],
  trial: [JSON.stringify({ ...trial, offeredRate: 1000, tlsCipher: 'TLSv1.3' })],
}

/** HdrHistogram V2: cookie, length, offset, digits, lowest, highest, ratio; then counts in ZigZag LEB128. */
function histogram(counts, most = 600_000_000n) {
  const header = Buffer.alloc(40)
  header.writeUInt32BE(0x1c849313, 0)
  header.writeInt32BE(counts.length, 4)
  header.writeInt32BE(3, 12)
  header.writeBigInt64BE(1n, 16)
  header.writeBigInt64BE(most, 24)
  header.writeDoubleBE(1, 32)
  return Buffer.concat([header, Buffer.from(counts)])
}
function encoded(inflated) {
  const compressed = deflateSync(inflated)
  const before = Buffer.alloc(8)
  before.writeUInt32BE(0x1c849314, 0)
  before.writeUInt32BE(compressed.length, 4)
  return Buffer.concat([before, compressed]).toString('base64')
}
const COUNTS = [199, 1, 4, 3, 2, 0x9f, 0x9c, 1, 6]
const histograms = {
  few: [[64], histogram(COUNTS)],
  none: [[64], histogram([])],
  small: [[64], histogram([2], 1000n)],
  text: [[0], encoded(histogram(COUNTS))],
  'negative-range': [[64], histogram([2], -(2n ** 60n))],
  'largest-count': [[64], histogram([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])],
  'highest-bit': [[64], histogram([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80])],
}

const tally = {
  ...{ seconds: 2, started: 4, succeeded: 4, failed: 0, errored: 0, unanswered: 0 },
  ...{ statuses: { 200: 4 }, faults: { 'connection lost: ECONNRESET': 1 }, refusals: 0 },
  ...{ reconnections: 0, mostInFlight: 1, mostStreams: 128, unsent: 0, cpu: 1000 },
  latencies: encoded(histogram(COUNTS)),
}
const lines = (...messages) => messages.map((message) => `${JSON.stringify(message)}\n`).join('')
const HELLO = { type: 'hello', version: '1.0.0', node: '20.0.0' }
const messages = {
  talk: [
    ...[[7], 'Welcome to box.\n', lines(HELLO, { type: 'connected', id: 1, tlsCipher: null })],
    lines({ type: 'progress', id: 1, tally }, { type: 'ended', id: 1, tally }, { type: 'pong' }),
  ],
  failure: [[7], lines({ type: 'failed', id: null, code: 'USAGE', message: 'no' })],
}

const http1 = (...text) => [[3], [7], text.join('\r\n')]
const responses = {
  length: http1('HTTP/1.1 200 OK', 'Content-Length: 3', '', 'abcHTTP/1.1 204 No Content', '', ''),
  chunked: http1(
    ...['HTTP/1.1 103 Early Hints', 'Link: a', '', 'HTTP/1.1 200 OK'],
    ...['Transfer-Encoding: chunked', '', '3;x=y', 'abc', '0', 'X-Trailer: one', '', ''],
  ),
  close: http1('HTTP/1.0 404 Not Found', 'Connection: close', '', 'until the end'),
}

const plan = {
  ...{ origin: 'https://127.0.0.1:8443', httpVersion: 'h2', connections: 1, streams: 1 },
  requests: [{ method: 'GET', path: '/', headers: [['a', 'b']], body: null, weight: 1 }],
  ...{ answerTime: 10, seed: 1 },
}
const LOAD = [
  ...['https://127.0.0.1:8443/ https://127.0.0.1:8443/b', 'weights=1,2', 'connections=2'],
  ...['streams=10', 'duration=5', 'rate=100:200', 'arrivals=poisson', 'warmup=1', 'timeout=3'],
  ...['seed=7', 'http=h2', 'header=a: b', 'header=c: d', 'threads=2', 'method=POST'],
].join('\n')
const WORKERS = [
  ...['http://127.0.0.1:8080/', 'requests=1000', 'workers=ssh a', 'workers=ssh b'],
  ...['workerCommand=h2lab load --worker', 'json'],
].join('\n')
const H2LOAD = [
  'finished in 2.00s, 1000.00 req/s, 1.00MB/s',
  'requests: 2000 total, 2000 started, 2000 done, 2000 succeeded, 0 failed, 0 errored, 0 timeout',
  'traffic: 1.00MB (1000000) total, 9.00KB (9000) headers (space savings 90.00%), 1.00KB (1000) data',
  '                     min         max         mean         sd        +/- sd',
  'time for request:      100us      2.00ms       300us       50us    90.00%',
].join('\n')
const H2LOAD_JSON = JSON.stringify({
  ...{ duration: '2.0s', requests: { done: 9, succeeded: 9 }, request: { mean: 0.1, p99: '1ms' } },
})
const configuration = {
  hosts: [[0], '# Mine.\nbox.example # with a port?\n[::1]\n'],
  load: [[1], LOAD],
  workers: [[1], WORKERS],
  h2load: [[2], H2LOAD],
  'h2load-json': [[2], H2LOAD_JSON],
  'h2load-no-number': [[2], H2LOAD_JSON.replace('2.0s', '..s')],
  plan: [[3], JSON.stringify(plan)],
}

write('server-connection', server)
write('server-first-octets', {
  whole: [7, ...OPENING, ...frames.slice(0, 3), ...frames.slice(4, 8)],
  http1: [7, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  settings: [7, ...OPENING, ...frames],
})
write('client-connection', client)
write('frame-parser', {
  'from-server': [7, [0], [0], ...frames],
  'from-client': [7, [3], [2], ...OPENING, ...frames],
  'after-preface': [7, [5], [1], ...frames.slice(0, 4)],
})
write('hpack-decoder', hpack)
write('http1-responses', responses)
write('saved-results', results)
write('histogram', histograms)
write('worker-messages', messages)
write('configuration', configuration)

/** Parts are octets, a number for one of them, or text with a character for each. */
function write(target, inputs) {
  const folder = corpusFolder(target)
  mkdirSync(folder, { recursive: true })
  for (const [name, parts] of Object.entries(inputs)) {
    const all = parts.map((part) => Buffer.from(typeof part === 'number' ? [part] : octets(part)))
    writeFileSync(join(folder, name), Buffer.concat(all))
  }
}

function octets(text) {
  return Buffer.from(text, 'latin1')
}
