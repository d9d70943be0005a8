/**
 * HPACK, the header compression of HTTP/2: all of RFC 7541.
 *
 * A {@link Decoder} and an {@link Encoder} each handle one direction of a connection. {@link
 * encodeWithoutDynamicTable} makes blocks that are valid on any connection.
 */
export { type DecodeResult, Decoder, type DecoderLimits } from './decoder'
export { encodeWithoutDynamicTable } from './encode-without-dynamic-table'
export { Encoder, type EncoderOptions } from './encoder'
export { FIELD_OVERHEAD, fieldSize, type HeaderField } from './header-field'
export { HpackError, type HpackErrorCode } from './hpack-error'
export { RepeatedBlockCache } from './repeated-block-cache'
