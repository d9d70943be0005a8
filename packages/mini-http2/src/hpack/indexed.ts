import type { OutputBuffer } from '@h2lab/octets'
import { MAX_INTEGER_OCTETS, writeInteger } from './integer'

const PATTERN = 0x80
const PREFIX = 7
/** The first index that doesn't fit into the prefix. */
const FIRST_LONG_INDEX = 0x7f

/** Writes a field from a table by its index: RFC 7541 section 6.1. */
export function writeIndexed(output: OutputBuffer, index: number): void {
  if (index < FIRST_LONG_INDEX) {
    const offset = output.reserve(1)
    output.octets[offset] = PATTERN | index
    return
  }
  const offset = output.reserve(MAX_INTEGER_OCTETS)
  const end = writeInteger(output.octets, offset, PREFIX, PATTERN, index)
  output.unreserve(offset + MAX_INTEGER_OCTETS - end)
}
