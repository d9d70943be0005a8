export { allocateOctets } from './allocate'
export { compareOctets, firstMismatch, octetsEqual } from './compare'
export { copyOctets } from './copy'
export {
  type CallbackDefinition,
  type CallbackParameter,
  type CallbackValue,
  type DocumentedCallback,
  defineDocumentedCallback,
} from './documented-callback'
export { type FullyReadResult, fullyRead, type OctetSource } from './fully-read'
export {
  readUint8,
  readUint16,
  readUint24,
  readUint31,
  readUint32,
  writeUint8,
  writeUint16,
  writeUint24,
  writeUint31,
  writeUint32,
} from './integers'
export { concatenate, makeOctetVector, type OctetVector } from './octet-vector'
export { octetize, type TextEncoding, toHex } from './octetize'
export { type OptionNames, type OptionNamesOf, unknownOption } from './option-names'
export { OutputBuffer } from './output-buffer'
export { LARGE_RUN_SIZE } from './spare-pieces'
