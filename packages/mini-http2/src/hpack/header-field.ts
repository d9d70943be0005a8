/**
 * A header field: its name, its value and, if no hop may index it (RFC 7541 section 7.1.3), a flag
 * that marks it as sensitive.
 *
 * HPACK deals in octets, not text. Each character of the strings stands for one octet, U+0000 to
 * U+00FF, that is Latin-1. Other encodings are up to the application.
 *
 * Decoded fields are shared with the static table, and so with all connections, and with the
 * dynamic table. Don't modify them.
 */
export type HeaderField = readonly [name: string, value: string, sensitive?: true]

/**
 * The overhead of a field, both in a table (RFC 7541 section 4.1) and in a header list (RFC 9113
 * section 6.5.2).
 */
export const FIELD_OVERHEAD = 32

/** The size of a field in octets, as counted in a table and a header list. */
export function fieldSize(field: HeaderField): number {
  return field[0].length + field[1].length + FIELD_OVERHEAD
}
