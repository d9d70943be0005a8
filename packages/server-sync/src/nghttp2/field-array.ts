import type { FieldList } from '@h2lab/mini-http2'
import { type Address, addressOf, writeAddress } from '@h2lab/tls-context/native'
import { SENSITIVE } from './callbacks'

/** Fields in the memory layout of nghttp2, which copies them during the call. */
export interface FieldArray {
  /** The address of an array of `nghttp2_nv`. */
  readonly address: Address
  readonly count: number
  /** The memory behind the address. It has to live as long as the address is used. */
  readonly octets: Buffer
}

/** `nghttp2_nv`: the addresses of name and value, their lengths, and flags, eight octets each. */
const ENTRY_LENGTH = 40

/** Lays out fields for nghttp2: the entries, followed by the text that they point to. */
export function toFieldArray(fields: FieldList): FieldArray {
  let text = ''
  for (const [name, value] of fields) text += name + value
  const entriesLength = ENTRY_LENGTH * fields.length
  const octets = Buffer.allocUnsafeSlow(entriesLength + text.length).fill(0, 0, entriesLength)
  octets.write(text, entriesLength, 'latin1')
  const address = addressOf(octets)
  let next = address + entriesLength
  let entry = 0
  for (const [name, value, sensitive] of fields) {
    writeAddress(octets, next, entry)
    next += name.length
    writeAddress(octets, next, entry + 8)
    next += value.length
    octets.writeUInt32LE(name.length, entry + 16)
    octets.writeUInt32LE(value.length, entry + 24)
    if (sensitive === true) octets[entry + 32] = SENSITIVE
    entry += ENTRY_LENGTH
  }
  return { address, count: fields.length, octets }
}

/** Lays out the head of a response, with its status. */
export function toHeadArray(status: number, fields: FieldList): FieldArray {
  return toFieldArray([[':status', String(status)], ...fields])
}
