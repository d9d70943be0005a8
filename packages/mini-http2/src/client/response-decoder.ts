import type { OctetVector } from '@h2lab/octets'
import { Decoder, RepeatedBlockCache } from '../hpack'
import {
  CONNECTION_SPECIFIC_FIELDS,
  type Field,
  type FieldList,
  isFieldName,
  isReceivableValue,
} from '../message/fields'

/** The content of a header block sent by a server. */
export type DecodedResponse =
  | {
      readonly state: 'decoded'
      /** 100 to 599; 0 for trailers. */
      readonly status: number
      /** Length of the body in octets, RFC 9110 section 8.6; null if unknown. */
      readonly contentLength: number | null
      /** Without `:status`. */
      readonly fields: FieldList
    }
  /** Not a valid response, RFC 9113 section 8.1.1. The reason is a noun phrase. */
  | { readonly state: 'malformed'; readonly reason: string }
  /** Can't be decoded, and no later block can be either. */
  | { readonly state: 'invalid'; readonly reason: string }

/** Decodes the header blocks of one connection. */
export class ResponseDecoder {
  readonly #decoder = new Decoder({}, responseFieldFault)
  readonly #cache = new RepeatedBlockCache<DecodedResponse>()

  /**
   * Decodes a header block of a response, an informational response or trailers. A repeated block
   * allocates nothing.
   *
   * @param octets contains the block from `start` to `end` (exclusive); borrowed for the call
   */
  decode(octets: OctetVector, start: number, end: number): DecodedResponse {
    const { generation } = this.#decoder
    const known = this.#cache.get(octets, start, end, generation)
    if (known !== undefined) return known
    const response = this.#decodeNew(octets, start, end)
    if (this.#decoder.generation === generation) {
      this.#cache.set(octets, start, end, generation, response)
    }
    return response
  }

  #decodeNew(octets: OctetVector, start: number, end: number): DecodedResponse {
    const block = this.#decoder.decode(octets, start, end)
    switch (block.state) {
      case 'decoded':
        return block.fault === undefined ? toResponse(block.fields) : malformed(block.fault)
      case 'too-large':
        return malformed('a header list with more octets or fields than allowed')
      case 'invalid':
        return { state: 'invalid', reason: block.error.message.replace(/\.$/, '') }
    }
  }
}

/** Checks one field, RFC 9113 sections 8.2.1 and 8.2.2; returns what is wrong with it. */
function responseFieldFault([name, value]: Field): string | undefined {
  if (name === ':status') return undefined
  if (!isFieldName(name)) return nameFault(name)
  if (CONNECTION_SPECIFIC_FIELDS.has(name)) return `${name}, an HTTP/1.1 field`
  return isReceivableValue(value) ? undefined : `forbidden characters in ${name}`
}

function nameFault(name: string): string {
  return `the field name ${JSON.stringify(name)}`
}

/** RFC 9113 sections 8.1, 8.2 and 8.3.2: `:status` comes first, or not at all in trailers. */
function toResponse(fields: FieldList): DecodedResponse {
  const [first] = fields
  const isTrailers = first?.[0] !== ':status'
  const regular = isTrailers ? fields : fields.slice(1)
  for (const [name] of regular) {
    if (!isFieldName(name)) return malformed(nameFault(name))
  }
  if (isTrailers) return { state: 'decoded', status: 0, contentLength: null, fields }
  if (!/^[1-5]\d\d$/.test(first[1])) return malformed(`the status ${JSON.stringify(first[1])}`)
  const lengths = new Set(
    regular.flatMap(([name, value]) => (name === 'content-length' ? [value] : [])),
  )
  const [length] = lengths
  if (lengths.size > 1) return malformed('two values of content-length')
  if (length !== undefined && !/^\d{1,15}$/.test(length)) {
    return malformed(`the content-length ${JSON.stringify(length)}`)
  }
  const contentLength = length === undefined ? null : Number(length)
  return { state: 'decoded', status: Number(first[1]), contentLength, fields: regular }
}

function malformed(reason: string): DecodedResponse {
  return { state: 'malformed', reason }
}
