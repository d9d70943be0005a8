import fc from 'fast-check'
import { decodeFromCompressedBase64 } from 'hdr-histogram-js'
import { describe, expect, test } from 'vitest'
import { histogramFault } from '../../src/load/histogram-octets'
import { encodeLatencies, LONGEST_LATENCY, newHistogram } from '../../src/load/latencies'
import { type EncodedHistogram, encodedHistogram } from '../support/encoded-histogram'

test('a histogram of ours is taken, whatever it has counted', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: LONGEST_LATENCY })), (latencies) => {
      const histogram = newHistogram()
      for (const latency of latencies) histogram.recordValue(latency)
      expect(histogramFault(encodeLatencies(histogram))).toBeUndefined()
    }),
  )
  const full = newHistogram()
  for (let latency = 1; latency < LONGEST_LATENCY; latency = Math.ceil(latency * 1.0004)) {
    full.recordValueWithCount(latency, 2 ** 31 - 1)
  }
  expect(histogramFault(encodeLatencies(full))).toBeUndefined()
})

/** A single count, as ZigZag LEB128 has it. */
function count(times: number): Buffer {
  return leb128(times * 2)
}

/** So many counts of 0 in a row. */
function zeros(count: number): Buffer {
  return leb128(count * 2 - 1)
}

function leb128(value: number): Buffer {
  const octets = []
  let number = value
  for (; number >= 0x80; number = Math.floor(number / 0x80)) octets.push((number % 0x80) | 0x80)
  return Buffer.from([...octets, number])
}

describe('what is decoded at little expense is taken:', () => {
  test.each([
    ['no counts', {}],
    ['some counts', { counts: Buffer.from([2, 4, 6]) }],
    ['a large count', { counts: count(2 ** 32 - 1) }],
    ['many zeros in a row', { counts: Buffer.concat([zeros(20_000), Buffer.from([2])]) }],
  ])('%s', (_, about) => {
    const text = encodedHistogram(about)
    expect(histogramFault(text)).toBeUndefined()
    expect(() => decodeFromCompressedBase64(text)).not.toThrow()
  })
})

describe('what is not is refused:', () => {
  test.each<[string, string, EncodedHistogram]>([
    ['64 MiB', 'Inflated, it has more than 294952 octets.', { counts: Buffer.alloc(2 ** 26) }],
    ['many counts', 'It has more than 32768 counts.', { counts: Buffer.alloc(32_769) }],
    ['2 ** 50 zeros', 'It has more than 32768 counts.', { counts: zeros(2 ** 50) }],
    ['five digits', 'It must have 3 digits', { digits: 5 }],
    ['any latency', 'from 1 to 600000000 at most', { most: Number.MAX_SAFE_INTEGER }],
    ['a longest latency below 0, which would be read as 2 ** 64 - 1', 'from 1 to', { most: -1 }],
    ['no latency at all', 'from 1 to', { most: 1 }],
    ['a count of 2 ** 32', 'It has a count above 4294967295.', { counts: count(2 ** 32) }],
    ['a count that makes decoders throw', 'It has a count above', { counts: count(2 ** 61) }],
    [
      'a count of which only the highest bits are set',
      'It has a count above',
      { counts: Buffer.from([...Array(8).fill(0x80), 0x80]) },
    ],
    ['counts that are not there', 'It is no compressed', { countsLength: 2 ** 30 }],
  ])('%s', (_, fault, about) => {
    expect(histogramFault(encodedHistogram(about))).toContain(fault)
  })

  test('a text that is too long before it is inflated', () => {
    expect(histogramFault('A'.repeat(1_000_000))).toBe('It has more than 589904 characters.')
  })

  test.each([
    '',
    'no histogram',
    'SGlzdG9ncmFt',
    encodedHistogram({}).slice(0, 20),
    `!${encodedHistogram({}).slice(1)}`,
    ` ${encodedHistogram({})}   `,
  ])('%j', (text) => {
    expect(histogramFault(text)).toBe('It is no compressed HDR histogram in Base64.')
  })
})
