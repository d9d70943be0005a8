import { octetize, toHex } from '@h2lab/octets'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decoder, Encoder } from '../../src/hpack'
import { readHuffman } from '../../src/hpack/huffman-decode'
import { huffmanLength, writeHuffman } from '../../src/hpack/huffman-encode'
import { anyText, block, decode, decodingError, encodeToHex } from './blocks'

function huffman(text: string): Uint8Array {
  const octets = new Uint8Array(huffmanLength(text))
  expect(writeHuffman(octets, 0, text), 'huffmanLength is right').toBe(octets.length)
  return octets
}

/** A literal field `a` without indexing, with a Huffman-coded value of these octets. */
function huffmanValue(octets: string): string {
  const length = block(octets).length
  return `00 01 61 ${(0x80 | length).toString(16)} ${octets}`
}

describe('a string', () => {
  test('is its octets if the bit H is 0', () => {
    expect(decode(new Decoder(), '00 01 61 03 00 7f ff')).toEqual([['a', '\0\x7f\xff']])
  })

  test('is in the Huffman code if the bit H is 1', () => {
    expect(decode(new Decoder(), huffmanValue('f1e3c2e5f23a6ba0ab90f4ff'))).toEqual([
      ['a', 'www.example.com'],
    ])
  })

  test('may be empty, in both encodings', () => {
    expect(decode(new Decoder(), '00 01 61 00')).toEqual([['a', '']])
    expect(decode(new Decoder(), '00 01 61 80')).toEqual([['a', '']])
  })

  test('may be long', () => {
    const text = '0123456789'.repeat(10_000)
    const decoder = new Decoder({ maxListSize: 1_000_000 })
    expect(decode(decoder, octetize(encodeToHex(new Encoder(), ['a', text]), 'hex'))).toEqual([
      ['a', text],
    ])
  })

  test('is refused if the block ends before it does', () => {
    expect(decodingError(new Decoder(), '00 01 61')).toBe('HPACK_TRUNCATED')
    expect(decodingError(new Decoder(), '00 02 61')).toBe('HPACK_TRUNCATED')
    expect(decodingError(new Decoder(), '00 01 61 03 62 62')).toBe('HPACK_TRUNCATED')
    expect(decodingError(new Decoder(), '00 01 61 ff ff ff ff 0f 62')).toBe('HPACK_TRUNCATED')
  })

  test('is written in the Huffman code where that is shorter', () => {
    expect(encodeToHex(new Encoder(), ['a', 'www.example.com', true])).toBe(
      '1001618cf1e3c2e5f23a6ba0ab90f4ff',
    )
  })

  test('is written as its octets where the Huffman code is not shorter', () => {
    expect(encodeToHex(new Encoder(), ['a', '\xff\xfe', true])).toBe('10016102fffe')
    expect(encodeToHex(new Encoder(), ['a', '{}', true])).toBe('100161027b7d')
  })

  test('with a character that is no octet is refused by the encoder, before it writes anything', () => {
    const encoder = new Encoder()
    expect(() => encodeToHex(encoder, ['b', 'c'], ['a', 'Łódź'])).toThrow(
      expect.objectContaining({ code: 'INVALID_FIELD', message: expect.stringContaining('Łódź') }),
    )
    expect(() => encodeToHex(encoder, ['\u0100', ''])).toThrow(/U\+00FF/)
    expect(encodeToHex(encoder, ['b', 'c'])).toBe('4001620163')
  })
})

describe('the Huffman code', () => {
  test('decodes each octet, alone and between others, as it was encoded', () => {
    for (let octet = 0; octet < 256; octet++) {
      const symbol = String.fromCharCode(octet)
      for (const text of [
        symbol,
        `a${symbol}`,
        `${symbol}a`,
        `\0${symbol}\xff`,
        symbol.repeat(9),
      ]) {
        const octets = huffman(text)
        expect(readHuffman(octets, 0, octets.length)).toBe(text)
      }
    }
  })

  test('decodes any text as it was encoded', () => {
    fc.assert(
      fc.property(anyText(200), (text) => {
        const octets = huffman(text)
        expect(readHuffman(octets, 0, octets.length)).toBe(text)
      }),
    )
  })

  test('ends with the highest bits of EOS, that is ones, as padding', () => {
    expect(huffman('0')).toEqual(block('07'))
    expect(decode(new Decoder(), huffmanValue('07'))).toEqual([['a', '0']])
  })

  test('needs no padding where the last code ends with an octet', () => {
    // '&' has eight bits.
    expect(huffman('&')).toEqual(block('f8'))
    expect(decode(new Decoder(), huffmanValue('f8'))).toEqual([['a', '&']])
  })

  test('may have up to seven bits of padding', () => {
    // '0' has five bits: one to eight of them leave 3, 6, 1, 4, 7, 2, 5 and 0 bits for padding.
    for (let length = 1; length <= 8; length++) {
      const octets = huffman('0'.repeat(length))
      expect(decode(new Decoder(), huffmanValue(toHex(octets)))).toEqual([
        ['a', '0'.repeat(length)],
      ])
    }
  })

  test('is refused with padding of eight bits or more', () => {
    expect(decodingError(new Decoder(), huffmanValue('ff'))).toBe('HPACK_HUFFMAN_PADDING')
    expect(decodingError(new Decoder(), huffmanValue('07 ff'))).toBe('HPACK_HUFFMAN_PADDING')
    expect(decodingError(new Decoder(), huffmanValue('f8 ff ff'))).toBe('HPACK_HUFFMAN_PADDING')
  })

  test('is refused with padding other than ones', () => {
    expect(decodingError(new Decoder(), huffmanValue('00'))).toBe('HPACK_HUFFMAN_PADDING')
    expect(decodingError(new Decoder(), huffmanValue('06'))).toBe('HPACK_HUFFMAN_PADDING')
    expect(decodingError(new Decoder(), huffmanValue('03'))).toBe('HPACK_HUFFMAN_PADDING')
  })

  test('is refused with the EOS symbol', () => {
    expect(decodingError(new Decoder(), huffmanValue('ff ff ff ff'))).toBe('HPACK_HUFFMAN_EOS')
    expect(decodingError(new Decoder(), huffmanValue('07 ff ff ff fc'))).toBe('HPACK_HUFFMAN_EOS')
  })
})
