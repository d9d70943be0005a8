/**
 * The fault of a header block:
 *
 * - `HPACK_TRUNCATED`: the block ends inside a representation;
 * - `HPACK_INTEGER_OVERFLOW`: an integer is above 2^32 - 1 or has more octets than necessary, RFC
 *   7541 section 5.1;
 * - `HPACK_INVALID_INDEX`: the index is 0, or beyond both tables, sections 2.3.3 and 6.1;
 * - `HPACK_HUFFMAN_EOS`: a string contains the EOS symbol, section 5.2;
 * - `HPACK_HUFFMAN_PADDING`: the padding of a string is not a prefix of EOS, or longer than seven
 *   bits, section 5.2;
 * - `HPACK_TABLE_SIZE_UPDATE_MISPLACED`: a dynamic table size update follows a field, or is the
 *   third one, section 4.2;
 * - `HPACK_TABLE_SIZE_UPDATE_TOO_LARGE`: the update exceeds the announced limit, section 6.3;
 * - `HPACK_TABLE_SIZE_UPDATE_MISSING`: the limit fell below the table's size, but the block doesn't
 *   begin with an update to at most the limit, section 4.2.
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
 * A header block that can't be decoded, which is the peer's fault. It ends the connection with
 * COMPRESSION_ERROR, RFC 9113 section 4.3, because the two dynamic tables may differ from then on.
 */
export class HpackError extends Error {
  override readonly name = 'HpackError'
  /** Stable; identifies the kind of fault. */
  readonly code: HpackErrorCode

  constructor(code: HpackErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
