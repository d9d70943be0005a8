import type { FieldList } from '@h2lab/mini-http2'
import { loadKoffi } from './library'

/** Fields in memory as nghttp2 takes them. It copies them during the call. */
export interface FieldArray {
  /** An array of `nghttp2_nv`. */
  readonly entries: Buffer
  readonly count: number
  /** Where the entries point to: has to live as long as they do. */
  readonly text: Buffer
}

/** `nghttp2_nv`: the addresses of name and value, their lengths, and flags, in eight octets each. */
const ENTRY_LENGTH = 40

/** NGHTTP2_NV_FLAG_NO_INDEX: never put into a table. */
const FLAG_NO_INDEX = 0x01

/** Lays fields out for nghttp2. */
export function toFieldArray(fields: FieldList): FieldArray {
  const text = Buffer.from(fields.map(([name, value]) => name + value).join(''), 'latin1')
  const entries = Buffer.alloc(ENTRY_LENGTH * fields.length)
  let address = text.length === 0 ? 0n : loadKoffi().address(text)
  fields.forEach(([name, value, sensitive], index) => {
    const at = index * ENTRY_LENGTH
    entries.writeBigUInt64LE(address, at)
    address += BigInt(name.length)
    entries.writeBigUInt64LE(address, at + 8)
    address += BigInt(value.length)
    entries.writeUInt32LE(name.length, at + 16)
    entries.writeUInt32LE(value.length, at + 24)
    if (sensitive === true) entries[at + 32] = FLAG_NO_INDEX
  })
  return { entries, count: fields.length, text }
}

/** The fields of a response's head, with its status. */
export function toHeadArray(status: number, fields: FieldList): FieldArray {
  return toFieldArray([[':status', String(status)], ...fields])
}
