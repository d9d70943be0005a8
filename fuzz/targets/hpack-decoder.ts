import { OutputBuffer } from '@h2lab/octets'
import {
  type DecodeResult,
  Decoder,
  Encoder,
  encodeWithoutDynamicTable,
  fieldSize,
  type HeaderField,
} from '../../packages/mini-http2/src/hpack'
import { Input } from '../support/input'
import { check, checkSame } from '../support/invariant'

/*
 * Header blocks to a decoder:
 *
 *   limits (3 octets), then records: length (8) and a block, or 255 and a new size of the table in units of 32 octets
 *
 * A block is decoded or invalid, within the limits, and the same at any offset. What is decoded, our encoder encodes
 * so that it is decoded to the same again.
 */

const CHANGE_TABLE = 255

export function fuzz(octets: Uint8Array): void {
  const input = new Input(octets)
  const maxListSize = input.choice([65_536, 1000, 100])
  const maxFields = input.choice([128, 4, 1])
  let maxTableSize = input.choice([4096, 256, 64, 0])
  const limits = { maxListSize, maxFields, maxTableSize }
  const decoder = new Decoder(limits)
  const other = new Decoder(limits)
  const roundTrip = new RoundTrip()
  while (!input.isAtEnd) {
    const length = input.octet()
    if (length === CHANGE_TABLE) {
      maxTableSize = 32 * input.octet()
      decoder.setMaxTableSize(maxTableSize)
      other.setMaxTableSize(maxTableSize)
      roundTrip.setTableSize(maxTableSize)
      continue
    }
    const block = input.take(length)
    const before = decoder.generation
    const result = decoder.decode(block)
    checkSame(outcome(decodeElsewhere(other, block)), outcome(result), 'the offset changes nothing')
    check(decoder.generation >= before, 'the generation grows')
    check(other.generation === decoder.generation, 'the generation depends on blocks only')
    if (result.state === 'invalid') {
      check(result.error.code.startsWith('HPACK_'), 'errors have a code')
      return
    }
    check(decoder.tableSize <= maxTableSize, 'the table is within its limit')
    checkLimits(result.fields, maxListSize, maxFields)
    if (decoder.generation === before) {
      checkSame(outcome(decoder.decode(block)), outcome(result), 'a repeated block is the same')
      check(decoder.generation === before, 'a repeated block changes nothing')
      other.decode(block)
    }
    roundTrip.check(result.fields)
  }
}

function decodeElsewhere(decoder: Decoder, block: Uint8Array): DecodeResult {
  const larger = Buffer.alloc(block.length + 7, 0xff)
  larger.set(block, 3)
  const result = decoder.decode(larger, 3, 3 + block.length)
  larger.fill(0)
  return result
}

function outcome(result: DecodeResult): unknown {
  return result.state === 'invalid' ? [result.error.code, result.error.message] : result
}

function checkLimits(fields: readonly HeaderField[], maxListSize: number, maxFields: number): void {
  const size = fields.reduce((sum, field) => sum + fieldSize(field), 0)
  check(size <= maxListSize, 'a list has no more octets than allowed')
  const counted = fields.filter(([name]) => name !== 'cookie').length
  check(counted <= maxFields, 'a list has no more fields than allowed')
}

/** Encodes lists and decodes them again. */
class RoundTrip {
  readonly #encoder = new Encoder()
  readonly #decoder = new Decoder({ maxListSize: 2 ** 30, maxFields: 2 ** 30 })
  readonly #output = new OutputBuffer()

  setTableSize(octets: number): void {
    this.#encoder.setPeerMaxTableSize(octets)
    this.#decoder.setMaxTableSize(octets)
  }

  check(fields: readonly HeaderField[]): void {
    const length = this.#encoder.encode(this.#output, fields)
    const block = this.#output.take() ?? new Uint8Array(0)
    check(block.length === length, 'the encoder tells the length of its block')
    checkDecoded(this.#decoder.decode(block), fields)
    const plain = encodeWithoutDynamicTable(fields)
    checkDecoded(new Decoder({ maxListSize: 2 ** 30, maxFields: 2 ** 30 }).decode(plain), fields)
  }
}

function checkDecoded(result: DecodeResult, fields: readonly HeaderField[]): void {
  check(result.state === 'decoded', `what is encoded is decoded: ${result.state}`)
  const text = (list: readonly HeaderField[]) => list.map(([name, value]) => [name, value])
  checkSame(text(result.fields), text(fields), 'what is encoded is decoded to the same')
  for (const [index, field] of fields.entries()) {
    if (field[2]) check(result.fields[index]?.[2] === true, 'a sensitive field stays sensitive')
  }
}
