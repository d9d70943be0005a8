/**
 * A header field: its name, its value and, if it must never be indexed on any hop
 * (RFC 7541 section 7.1.3), a mark that it is sensitive.
 *
 * HPACK deals in octets, not in text. Both strings have one character for each octet, with
 * the octet's value as code unit: U+0000 to U+00FF, that is Latin-1. Text in another encoding
 * is the application's affair.
 *
 * Decoded fields are shared: with the static table, that is with all connections, and with
 * the dynamic table. Don't change them.
 */
export type HeaderField = readonly [name: string, value: string, sensitive?: true]

/**
 * What a field counts beyond its octets, both in a table (RFC 7541 section 4.1) and in a
 * header list (RFC 9113 section 6.5.2).
 */
export const FIELD_OVERHEAD = 32

/** The size of a field in octets as a table and a header list count it. */
export function fieldSize(field: HeaderField): number {
  return field[0].length + field[1].length + FIELD_OVERHEAD
}
