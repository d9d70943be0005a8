import { type OctetVector, OutputBuffer } from '@h2lab/octets'
import type { HeaderField } from './header-field'
import { writeIndexed } from './indexed'
import { chooseRepresentation } from './indexing'
import { NEVER_INDEXED, WITHOUT_INDEXING, writeLiteral } from './literal'
import { STATIC_NAMES } from './static-table'

/**
 * Encodes fields without reading or changing a dynamic table, so that the block is valid on any
 * connection at any time. Uses static indexes, literals without indexing (RFC 7541 section 6.2.2)
 * and, for sensitive fields, never-indexed literals (section 6.2.3).
 *
 * @returns a header block
 * @throws MisuseError `INVALID_FIELD` if a character is above U+00FF
 */
export function encodeWithoutDynamicTable(fields: readonly HeaderField[]): OctetVector {
  const output = new OutputBuffer()
  for (const field of fields) writeField(output, field)
  return output.take()?.slice() ?? new Uint8Array(0)
}

function writeField(output: OutputBuffer, [name, value, sensitive]: HeaderField): void {
  const known = STATIC_NAMES.get(name)
  const index = sensitive === true ? undefined : known?.indexByValue?.get(value)
  if (index !== undefined) {
    writeIndexed(output, index)
    return
  }
  const never = sensitive === true || chooseRepresentation(name, value) === NEVER_INDEXED
  const representation = never ? NEVER_INDEXED : WITHOUT_INDEXING
  writeLiteral(output, representation, known?.index ?? 0, name, value)
}
