import { copyOctets, type OctetVector, type OptionNamesOf } from '@h2lab/octets'
import type { FieldList, FieldsInit } from '../message/fields'
import { toFieldList } from '../message/fields'
import { checkOptionNames } from '../options'

/** Describes a request. */
export interface RequestDescription {
  /** Default GET. */
  readonly method?: string
  /** Default https. */
  readonly scheme?: string
  /** Host, and port unless it is the scheme's default. */
  readonly authority: string
  /** Path and query. Default /. */
  readonly path?: string
  /** Default: none. */
  readonly headers?: FieldsInit
  /** Default: none. */
  readonly body?: OctetVector
}

const DESCRIPTION: OptionNamesOf<RequestDescription> = {
  method: true,
  scheme: true,
  authority: true,
  path: true,
  headers: true,
  body: true,
}

/** A request with its fields in order, ready to be sent any number of times. */
export interface PreparedRequest {
  readonly fields: FieldList
  /** Undefined if the request has no body. It then ends with its header fields. */
  readonly body: OctetVector | undefined
}

/**
 * Orders the fields of a request, pseudo-header fields first: RFC 9113 section 8.3.1.
 *
 * @throws MisuseError if a field can't be sent, or `INVALID_OPTION` if an option does not exist
 */
export function prepareRequest(description: RequestDescription): PreparedRequest {
  checkOptionNames(description, DESCRIPTION)
  const {
    method = 'GET',
    scheme = 'https',
    authority,
    path = '/',
    headers = [],
    body,
  } = description
  return {
    fields: [
      [':method', method],
      [':scheme', scheme],
      [':authority', authority],
      [':path', path],
      ...toFieldList(headers),
    ],
    body: body === undefined || body.length === 0 ? undefined : copyOctets(body, 0, body.length),
  }
}
