/**
 * What is wrong with a header block:
 *
 * - `HPACK_TRUNCATED`: the block ends inside a representation;
 * - `HPACK_INTEGER_OVERFLOW`: an integer above 2^32 - 1 or of more octets than that needs,
 *   RFC 7541 section 5.1;
 * - `HPACK_INVALID_INDEX`: index 0, or one beyond both tables, sections 2.3.3 and 6.1;
 * - `HPACK_HUFFMAN_EOS`: a string has the EOS symbol in it, section 5.2;
 * - `HPACK_HUFFMAN_PADDING`: a string's last bits are no prefix of EOS, or more than seven,
 *   section 5.2;
 * - `HPACK_TABLE_SIZE_UPDATE_MISPLACED`: a dynamic table size update after a field, or a
 *   third one, section 4.2;
 * - `HPACK_TABLE_SIZE_UPDATE_TOO_LARGE`: one above the limit that was announced, section 6.3;
 * - `HPACK_TABLE_SIZE_UPDATE_MISSING`: the limit fell below the table's size, and the block
 *   doesn't begin with an update that obeys it, section 4.2.
 */
export type HpackErrorCode =
  | 'HPACK_TRUNCATED'
  | 'HPACK_INTEGER_OVERFLOW'
  | 'HPACK_INVALID_INDEX'
  | 'HPACK_HUFFMAN_EOS'
  | 'HPACK_HUFFMAN_PADDING'
  | 'HPACK_TABLE_SIZE_UPDATE_MISPLACED'
  | 'HPACK_TABLE_SIZE_UPDATE_TOO_LARGE'
  | 'HPACK_TABLE_SIZE_UPDATE_MISSING'

/**
 * The peer's fault: a header block that can't be decoded. It ends the connection with
 * COMPRESSION_ERROR, RFC 9113 section 4.3, since the two dynamic tables may differ from now on.
 */
export class HpackError extends Error {
  override readonly name = 'HpackError'
  /** Stable; says what kind of fault it is. */
  readonly code: HpackErrorCode

  constructor(code: HpackErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
