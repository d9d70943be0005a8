import { type OctetVector, OutputBuffer, octetize, toHex } from '@h2lab/octets'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Decoder, Encoder, HeaderField, HpackErrorCode } from '../../src/hpack'

/** Parses a header block: hexadecimal digits, with spaces for readability. */
export function block(digits: string): OctetVector {
  return octetize(digits.replaceAll(/\s/g, ''), 'hex')
}

/** Decodes a block that is valid and within the limits. */
export function decode(decoder: Decoder, octets: OctetVector | string): readonly HeaderField[] {
  const result = decoder.decode(typeof octets === 'string' ? block(octets) : octets)
  if (result.state === 'invalid') throw result.error
  expect(result.state).toBe('decoded')
  return result.fields
}

/** Decodes an invalid block and returns the error. */
export function decodingError(decoder: Decoder, digits: string): HpackErrorCode {
  const result = decoder.decode(block(digits))
  if (result.state !== 'invalid') return expect.unreachable(`${digits} was decoded`)
  return result.error.code
}

/** Encodes a block, and checks the length that `encode` returned. */
export function encode(encoder: Encoder, ...fields: readonly HeaderField[]): OctetVector {
  const output = new OutputBuffer()
  const length = encoder.encode(output, fields)
  const octets = output.take() ?? new Uint8Array(0)
  expect(length).toBe(octets.length)
  return octets
}

/** Encodes a block, and returns it as hexadecimal digits. */
export function encodeToHex(encoder: Encoder, ...fields: readonly HeaderField[]): string {
  return toHex(encode(encoder, ...fields))
}

/** The fields without their sensitive flags. */
export function unmarked(fields: readonly HeaderField[]): HeaderField[] {
  return fields.map(([name, value]) => [name, value])
}

/** Any octets, as text with one character for each. */
export function anyText(maxLength: number): fc.Arbitrary<string> {
  return fc
    .uint8Array({ maxLength })
    .map((octets) => Array.from(octets, (octet) => String.fromCharCode(octet)).join(''))
}

/** Any fields, often ones that encoders and tables handle specially. */
export function anyFields(): fc.Arbitrary<HeaderField[]> {
  const name = fc.oneof(
    fc.constantFrom(':method', ':path', ':status', 'cookie', 'authorization', 'date', 'x-a', 'x-b'),
    anyText(20),
  )
  const value = fc.oneof(
    fc.constantFrom('', 'GET', '/', '200', 'one', 'two', 'gzip, deflate', 'a'.repeat(200)),
    anyText(60),
  )
  const field = fc
    .tuple(name, value, fc.constantFrom(undefined, true))
    .map(
      ([name, value, sensitive]): HeaderField =>
        sensitive === undefined ? [name, value] : [name, value, sensitive],
    )
  return fc.array(field, { maxLength: 12 })
}
