import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decoder, Encoder, RepeatedBlockCache } from '../../src/hpack'
import type { HeaderField } from '../../src/hpack/header-field'
import { anyFields, block, encode } from './blocks'

const BLOCK = block('82 84 be')

function cacheWith(octets: Uint8Array, generation = 1): RepeatedBlockCache<string> {
  const cache = new RepeatedBlockCache<string>()
  cache.set(octets, 0, octets.length, generation, 'value')
  return cache
}

describe('a block is found', () => {
  test('with the same octets in the same generation', () => {
    expect(cacheWith(BLOCK).get(BLOCK.slice(), 0, 3, 1)).toBe('value')
  })

  test('wherever it lies in other octets', () => {
    expect(cacheWith(BLOCK).get(block('ff 82 84 be ff'), 1, 4, 1)).toBe('value')
  })

  test.each([
    ['octets', BLOCK.slice()],
    ['a Buffer', Buffer.from(BLOCK)],
  ])('after the octets that it was read from have changed, if they were %s', (_, borrowed) => {
    const cache = cacheWith(borrowed)
    borrowed.fill(0)
    expect(cache.get(BLOCK, 0, 3, 1)).toBe('value')
  })

  test('among the last four', () => {
    const cache = new RepeatedBlockCache<number>()
    const blocks = Array.from({ length: 5 }, (_, octet) => Uint8Array.of(0x80 | octet))
    blocks.forEach((octets, value) => {
      cache.set(octets, 0, 1, 1, value)
    })
    expect(blocks.map((octets) => cache.get(octets, 0, 1, 1))).toEqual([undefined, 1, 2, 3, 4])
  })
})

describe('a block is not found', () => {
  test('before it was set', () => {
    expect(new RepeatedBlockCache<string>().get(BLOCK, 0, 3, 1)).toBeUndefined()
  })

  test('in another generation', () => {
    expect(cacheWith(BLOCK).get(BLOCK, 0, 3, 2)).toBeUndefined()
  })

  test('if it is but a prefix of the one that was set, or longer', () => {
    expect(cacheWith(BLOCK).get(BLOCK, 0, 2, 1)).toBeUndefined()
    expect(cacheWith(BLOCK).get(block('82 84 be 82'), 0, 4, 1)).toBeUndefined()
  })

  test('if one octet differs', () => {
    expect(cacheWith(BLOCK).get(block('82 84 bf'), 0, 3, 1)).toBeUndefined()
  })

  test('if it is long: memory is bounded', () => {
    const long = new Uint8Array(129).fill(0x82)
    expect(cacheWith(long).get(long, 0, long.length, 1)).toBeUndefined()
    const longest = long.subarray(1)
    expect(cacheWith(longest).get(longest, 0, longest.length, 1)).toBe('value')
  })
})

test('with the decoder’s generation, what is found is what would be decoded', () => {
  const step = fc.record({
    size: fc.option(fc.constantFrom(0, 100, 4096), { freq: 10, nil: undefined }),
    list: fc.nat({ max: 3 }),
  })
  fc.assert(
    fc.property(
      fc.array(anyFields(), { minLength: 4, maxLength: 4 }),
      fc.array(step, { maxLength: 40 }),
      (lists, steps) => {
        const encoder = new Encoder()
        const decoder = new Decoder()
        const withoutCache = new Decoder()
        const cache = new RepeatedBlockCache<readonly HeaderField[]>()
        for (const { size, list } of steps) {
          if (size !== undefined) {
            encoder.setPeerMaxTableSize(size)
            decoder.setMaxTableSize(size)
            withoutCache.setMaxTableSize(size)
          }
          const octets = encode(encoder, ...lists[list]!)
          const { generation } = decoder
          let fields = cache.get(octets, 0, octets.length, generation)
          if (fields === undefined) {
            const result = decoder.decode(octets)
            if (result.state !== 'decoded') expect.unreachable(result.state)
            else fields = result.fields
            if (decoder.generation === generation) {
              cache.set(octets, 0, octets.length, generation, fields!)
            }
          }
          expect(withoutCache.decode(octets)).toEqual({ state: 'decoded', fields })
        }
      },
    ),
  )
})
