/**
 * HPACK, header compression for HTTP/2: RFC 7541 whole.
 *
 * {@link Decoder} and {@link Encoder} are one direction of a connection each;
 * {@link encodeWithoutDynamicTable} makes blocks that fit into any connection.
 */
export { type DecodeResult, Decoder, type DecoderLimits } from './decoder'
export { encodeWithoutDynamicTable } from './encode-without-dynamic-table'
export { Encoder, type EncoderOptions } from './encoder'
export { FIELD_OVERHEAD, fieldSize, type HeaderField } from './header-field'
export { HpackError, type HpackErrorCode } from './hpack-error'
export { RepeatedBlockCache } from './repeated-block-cache'
