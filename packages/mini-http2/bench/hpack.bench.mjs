import { OutputBuffer } from '@h2lab/octets'
import { Decoder, Encoder, encodeWithoutDynamicTable, RepeatedBlockCache } from '../dist/hpack.js'

/*
 * The cost of HPACK in nanoseconds of CPU for each header block: a browser's request and the response
 * to it, the first time on a connection and repeated.
 *
 *   node bench/hpack.bench.mjs          a line for each case
 *   node bench/hpack.bench.mjs --json   the same as one JSON object, octets and nanoseconds by case
 */

/**
 * Each case runs in this many rounds, short enough that some are not interrupted. The fastest
 * counts, because other load on the machine only makes a round slower.
 */
const ROUNDS = 100
const ROUND_MILLISECONDS = 4
const WARM_UP_MILLISECONDS = 300

const REQUEST = [
  [':method', 'GET'],
  [':authority', 'www.example.com'],
  [':scheme', 'https'],
  [':path', '/assets/application-5f3c1d2e.js'],
  ['sec-ch-ua', '"Chromium";v="130", "Not?A_Brand";v="99"'],
  ['sec-ch-ua-mobile', '?0'],
  ['sec-ch-ua-platform', '"Linux"'],
  [
    'user-agent',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
  ],
  ['accept', '*/*'],
  ['sec-fetch-site', 'same-origin'],
  ['sec-fetch-mode', 'no-cors'],
  ['sec-fetch-dest', 'script'],
  ['referer', 'https://www.example.com/'],
  ['accept-encoding', 'gzip, deflate, br, zstd'],
  ['accept-language', 'en-US,en;q=0.9'],
  ['cookie', 'session=0b1d2f7a9c3e4d5f8a6b7c9d0e1f2a3b; theme=dark; consent=accepted'],
]

const RESPONSE = [
  [':status', '200'],
  ['content-type', 'text/javascript; charset=utf-8'],
  ['cache-control', 'public, max-age=31536000, immutable'],
  ['date', 'Mon, 25 Nov 2024 11:29:00 GMT'],
  ['etag', '"5f3c1d2e-1a2b"'],
  ['content-length', '6699'],
]

const encode = (encoder, fields) => {
  const output = new OutputBuffer()
  encoder.encode(output, fields)
  return output.take()
}

const blocksOf = (fields, count) => {
  const encoder = new Encoder()
  return Array.from({ length: count }, () => encode(encoder, fields))
}

const [firstRequest, nextRequest] = blocksOf(REQUEST, 2)
const [firstResponse, nextResponse] = blocksOf(RESPONSE, 2)
const indexedOnly = REQUEST.filter(([name]) => name !== ':path')
const [firstIndexed, nextIndexed] = blocksOf(indexedOnly, 2)

/** A decoder that has decoded a block. */
const decoderAfter = (block) => {
  const decoder = new Decoder()
  decoder.decode(block)
  return decoder
}

const encoderAfter = (fields) => {
  const encoder = new Encoder()
  encode(encoder, fields)
  return encoder
}

/** The name of a case, the octets of its block, and a factory for the measured function. */
const CASES = [
  [
    'decode a request, first of a connection',
    firstRequest,
    () => () => new Decoder().decode(firstRequest),
  ],
  [
    'decode a request, repeated',
    nextRequest,
    () => {
      const decoder = decoderAfter(firstRequest)
      return () => decoder.decode(nextRequest)
    },
  ],
  [
    'decode a request, repeated, all fields indexed',
    nextIndexed,
    () => {
      const decoder = decoderAfter(firstIndexed)
      return () => decoder.decode(nextIndexed)
    },
  ],
  [
    'find a request, repeated, in the cache',
    nextRequest,
    () => {
      const decoder = decoderAfter(firstRequest)
      const cache = new RepeatedBlockCache()
      const { length } = nextRequest
      cache.set(nextRequest, 0, length, decoder.generation, decoder.decode(nextRequest))
      return () => cache.get(nextRequest, 0, length, decoder.generation)
    },
  ],
  [
    'decode a response, first of a connection',
    firstResponse,
    () => () => new Decoder().decode(firstResponse),
  ],
  [
    'decode a response, repeated',
    nextResponse,
    () => {
      const decoder = decoderAfter(firstResponse)
      return () => decoder.decode(nextResponse)
    },
  ],
  [
    'encode a request, first of a connection',
    firstRequest,
    () => {
      const output = new OutputBuffer()
      return () => {
        new Encoder().encode(output, REQUEST)
        output.unreserve(output.length)
      }
    },
  ],
  ['encode a request, repeated', nextRequest, () => encodeAgain(REQUEST)],
  [
    'encode a response, first of a connection',
    firstResponse,
    () => {
      const output = new OutputBuffer()
      return () => {
        new Encoder().encode(output, RESPONSE)
        output.unreserve(output.length)
      }
    },
  ],
  ['encode a response, repeated', nextResponse, () => encodeAgain(RESPONSE)],
  ['encode a response, repeated, field by field', nextResponse, () => encodeFieldsAgain(RESPONSE)],
  [
    'encode a response without the dynamic table',
    encodeWithoutDynamicTable(RESPONSE),
    () => () => encodeWithoutDynamicTable(RESPONSE),
  ],
]

function encodeAgain(fields) {
  const encoder = encoderAfter(fields)
  const output = new OutputBuffer()
  return () => {
    encoder.encode(output, fields)
    // Not `take`, which would include creating views in the measurement.
    output.unreserve(output.length)
  }
}

function encodeFieldsAgain(fields) {
  const encoder = encoderAfter(fields)
  const output = new OutputBuffer()
  return () => {
    encoder.beginBlock(output)
    for (const field of fields) encoder.encodeField(output, field[0], field[1])
    output.unreserve(output.length)
  }
}

/** Stores the results of the measured functions, so that they aren't optimised away. */
let sink

function nanoseconds(run) {
  let count = 1
  const measure = () => {
    const start = process.hrtime.bigint()
    for (let index = 0; index < count; index++) sink = run()
    return Number(process.hrtime.bigint() - start)
  }
  for (const start = Date.now(); Date.now() - start < WARM_UP_MILLISECONDS; ) measure()
  while (measure() < ROUND_MILLISECONDS * 1e6) count *= 2
  return Math.min(...Array.from({ length: ROUNDS }, measure)) / count
}

const results = {}
for (const [name, block, make] of CASES) {
  results[name] = { octets: block.length, nanoseconds: Math.round(nanoseconds(make())) }
  if (process.argv.includes('--json')) continue
  const { octets, nanoseconds: time } = results[name]
  console.log(
    `${name.padEnd(48)} ${String(octets).padStart(4)} octets ${String(time).padStart(6)} ns`,
  )
}
if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2))
if (sink === null) throw new Error('A case returned null.')
