import { describe, expect, test } from 'vitest'
import { Decoder, Encoder } from '../../src/hpack'
import type { HeaderField } from '../../src/hpack/header-field'
import { decode, decodingError, encodeToHex } from './blocks'

const REQUESTS: readonly (readonly HeaderField[])[] = [
  [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
  ],
  [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
    ['cache-control', 'no-cache'],
  ],
  [
    [':method', 'GET'],
    [':scheme', 'https'],
    [':path', '/index.html'],
    [':authority', 'www.example.com'],
    ['custom-key', 'custom-value'],
  ],
]

const RESPONSES: readonly (readonly HeaderField[])[] = [
  [
    [':status', '302'],
    ['cache-control', 'private'],
    ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'],
    ['location', 'https://www.example.com'],
  ],
  [
    [':status', '307'],
    ['cache-control', 'private'],
    ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'],
    ['location', 'https://www.example.com'],
  ],
  [
    [':status', '200'],
    ['cache-control', 'private'],
    ['date', 'Mon, 21 Oct 2013 20:13:22 GMT'],
    ['location', 'https://www.example.com'],
    ['content-encoding', 'gzip'],
    ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
  ],
]

describe('C.2 field representations', () => {
  test('C.2.1 literal with indexing', () => {
    const decoder = new Decoder()
    const literal = '400a637573746f6d2d6b65790d637573746f6d2d686561646572'
    expect(decode(decoder, literal)).toEqual([['custom-key', 'custom-header']])
    expect(decode(decoder, 'be')).toEqual([['custom-key', 'custom-header']])
  })

  test('C.2.2 literal without indexing', () => {
    const decoder = new Decoder()
    expect(decode(decoder, '040c2f73616d706c652f70617468')).toEqual([[':path', '/sample/path']])
    expect(decodingError(decoder, 'be')).toBe('HPACK_INVALID_INDEX')
  })

  test('C.2.3 literal never indexed', () => {
    const decoder = new Decoder()
    expect(decode(decoder, '100870617373776f726406736563726574')).toEqual([
      ['password', 'secret', true],
    ])
    expect(decodingError(decoder, 'be')).toBe('HPACK_INVALID_INDEX')
  })

  test('C.2.4 indexed field', () => {
    expect(decode(new Decoder(), '82')).toEqual([[':method', 'GET']])
  })
})

test('C.3 requests without Huffman coding', () => {
  const decoder = new Decoder()
  expect(decode(decoder, '828684410f7777772e6578616d706c652e636f6d')).toEqual(REQUESTS[0])
  expect(decode(decoder, '828684be58086e6f2d6361636865')).toEqual(REQUESTS[1])
  expect(decode(decoder, '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565')).toEqual(
    REQUESTS[2],
  )
  // The table at the end, newest first.
  expect(decode(decoder, 'be bf c0')).toEqual([
    ['custom-key', 'custom-value'],
    ['cache-control', 'no-cache'],
    [':authority', 'www.example.com'],
  ])
})

describe('C.4 requests with Huffman coding', () => {
  const blocks = [
    '828684418cf1e3c2e5f23a6ba0ab90f4ff',
    '828684be5886a8eb10649cbf',
    '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
  ]

  test('are decoded', () => {
    const decoder = new Decoder()
    expect(blocks.map((block) => decode(decoder, block))).toEqual(REQUESTS)
  })

  test('are what the encoder makes of them, octet for octet', () => {
    const encoder = new Encoder()
    expect(REQUESTS.map((fields) => encodeToHex(encoder, ...fields))).toEqual(blocks)
  })
})

test('C.5 responses without Huffman coding, in a table of 256 octets', () => {
  const decoder = new Decoder({ maxTableSize: 256 })
  expect(
    decode(
      decoder,
      '4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54' +
        '6e1768747470733a2f2f7777772e6578616d706c652e636f6d',
    ),
  ).toEqual(RESPONSES[0])
  expect(decode(decoder, '4803333037c1c0bf')).toEqual(RESPONSES[1])
  expect(
    decode(
      decoder,
      '88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f' +
        '3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076' +
        '657273696f6e3d31',
    ),
  ).toEqual(RESPONSES[2])
  expectTableAfterResponses(decoder)
})

test('C.6 responses with Huffman coding, in a table of 256 octets', () => {
  const decoder = new Decoder({ maxTableSize: 256 })
  expect(
    decode(
      decoder,
      '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b' +
        '97c8e9ae82ae43d3',
    ),
  ).toEqual(RESPONSES[0])
  expect(decode(decoder, '4883640effc1c0bf')).toEqual(RESPONSES[1])
  expect(
    decode(
      decoder,
      '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335df' +
        'dfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
    ),
  ).toEqual(RESPONSES[2])
  expectTableAfterResponses(decoder)
})

function expectTableAfterResponses(decoder: Decoder): void {
  expect(decode(decoder, 'be bf c0')).toEqual([
    ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
    ['content-encoding', 'gzip'],
    ['date', 'Mon, 21 Oct 2013 20:13:22 GMT'],
  ])
  expect(decodingError(decoder, 'c1')).toBe('HPACK_INVALID_INDEX')
}
