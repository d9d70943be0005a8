import { RequestHeaders } from '../../application/request-headers'
import { sameAuthority } from '../../message/authority'
import {
  CONNECTION_SPECIFIC_FIELDS,
  type Field,
  type FieldList,
  isFieldName,
  isReceivableValue,
} from '../../message/fields'
import { isPath } from '../../message/path'
import { DEFAULT_URGENCY, parseUrgency } from '../streams/priority'

/**
 * The parsed header fields of a request, checked as in RFC 9113 section 8. Immutable: all requests
 * of a connection with the same header block share one head.
 */
export interface RequestHead {
  readonly method: string
  readonly scheme: string
  readonly authority: string
  readonly path: string
  readonly protocol: string | undefined
  readonly headers: RequestHeaders
  /** The value of `content-length` in octets; undefined without it. */
  readonly contentLength: number | undefined
  /** What it takes, in bytes. */
  readonly memory: number
  /** The client waits for a 100 response before it sends the body, RFC 9110 section 10.1.1. */
  readonly expectsContinue: boolean
  /** 0 to 7, RFC 9218. */
  readonly urgency: number
}

/**
 * A head; or the reason why the request is malformed (section 8.1.1), worded as the end of a
 * sentence; or `bad-path` for a path that no URI can have, which gets status 400.
 */
export type RequestHeadResult =
  | { readonly state: 'valid'; readonly head: RequestHead }
  | { readonly state: 'bad-path' }
  | { readonly state: 'malformed'; readonly reason: string }

/** The pseudo-header fields of requests, section 8.3.1, and `:protocol` of RFC 8441 section 4. */
const PSEUDO_FIELDS = [':method', ':scheme', ':authority', ':path', ':protocol'] as const

type PseudoField = (typeof PSEUDO_FIELDS)[number]

/**
 * Checks the header fields of a request together, and sorts them.
 *
 * @param fields as decoded; {@link requestFieldFault} has checked each
 * @param memory what the fields take, in bytes
 * @param extendedConnect whether `:protocol` is allowed: SETTINGS_ENABLE_CONNECT_PROTOCOL
 */
export function readRequestHead(
  fields: FieldList,
  extendedConnect: boolean,
  memory: number,
): RequestHeadResult {
  const pseudo: Partial<Record<PseudoField, string>> = {}
  const regular: Field[] = []
  for (const field of fields) {
    const [name, value] = field
    if (name.charCodeAt(0) !== COLON) {
      regular.push(field)
      continue
    }
    if (regular.length > 0) return malformed(`${show(name)} comes after regular fields`)
    if (!isPseudoField(name)) return malformed(`${show(name)} is not a request pseudo-header field`)
    if (pseudo[name] !== undefined) return malformed(`${show(name)} is repeated`)
    pseudo[name] = value
  }
  return readMessage(pseudo, regular, extendedConnect, memory)
}

/** Tells whether fields, each of them checked by {@link requestFieldFault}, may be trailers: section 8.1. */
export function areTrailers(fields: FieldList): boolean {
  return fields.every(([name]) => name.charCodeAt(0) !== COLON)
}

/** Checks one field of a request or its trailers, sections 8.2.1 and 8.2.2; returns what is wrong with it. */
export function requestFieldFault(field: Field): string | undefined {
  const [name, value] = field
  if (!isReceivableValue(value)) return `the value of ${show(name)} has forbidden characters`
  return name.charCodeAt(0) === COLON ? undefined : regularFieldFault(field)
}

const COLON = 0x3a

function isPseudoField(name: string): name is PseudoField {
  return (PSEUDO_FIELDS as readonly string[]).includes(name)
}

/** Sections 8.2.1 and 8.2.2. */
function regularFieldFault([name, value]: Field): string | undefined {
  if (!isFieldName(name)) return `${show(name)} is not a lower-case field name`
  if (CONNECTION_SPECIFIC_FIELDS.has(name)) return `${name} belongs to HTTP/1.1 connections`
  if (name === 'te' && value !== 'trailers')
    return `te is ${show(value)}, but only "trailers" is allowed`
  return undefined
}

function readMessage(
  pseudo: Partial<Record<PseudoField, string>>,
  regular: FieldList,
  extendedConnect: boolean,
  memory: number,
): RequestHeadResult {
  const method = pseudo[':method']
  const { ':scheme': scheme, ':path': path, ':protocol': protocol } = pseudo
  if (method === undefined) return malformed(':method is missing')
  if (!METHOD.test(method)) return malformed(`:method is ${show(method)}`)
  if (protocol !== undefined && !(extendedConnect && method === 'CONNECT')) {
    return malformed(':protocol is only for extended CONNECT, and only if it is enabled')
  }
  if (method === 'CONNECT' && protocol === undefined) {
    if (scheme !== undefined || path !== undefined) {
      return malformed('CONNECT must not have :scheme or :path')
    }
    if (!pseudo[':authority']) return malformed('CONNECT requires :authority')
  } else {
    if (scheme === undefined) return malformed(':scheme is missing')
    if (!SCHEME.test(scheme)) return malformed(`:scheme is ${show(scheme)}`)
    if (path === undefined) return malformed(':path is missing')
    if (!isPath(path, method)) {
      return path.startsWith('/') ? { state: 'bad-path' } : malformed(`:path is ${show(path)}`)
    }
  }

  const host = fieldValue(regular, 'host')
  const authority = pseudo[':authority']
  if (authority !== undefined && !AUTHORITY.test(authority)) {
    return malformed(`:authority is ${show(authority)}`)
  }
  if (host !== undefined && !AUTHORITY.test(host)) return malformed(`host is ${show(host)}`)
  if (regular.filter(([name]) => name === 'host').length > 1) return malformed('host is repeated')
  if (authority !== undefined && host !== undefined && !sameAuthority(authority, host, scheme)) {
    return malformed(`host is ${show(host)}, but :authority is ${show(authority)}`)
  }
  const contentLength = readContentLength(regular)
  if (contentLength === 'invalid') return malformed('content-length is not a single number')

  const priority = fieldValue(regular, 'priority')
  return {
    state: 'valid',
    head: {
      method,
      scheme: scheme ?? '',
      authority: authority ?? host ?? '',
      path: path ?? '',
      protocol,
      headers: new RequestHeaders(regular),
      contentLength,
      memory,
      expectsContinue: fieldValue(regular, 'expect')?.toLowerCase() === '100-continue',
      urgency: priority === undefined ? DEFAULT_URGENCY : parseUrgency(priority),
    },
  }
}

/** A token, RFC 9110 section 9.1. */
const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** RFC 3986 section 3.1. */
const SCHEME = /^[A-Za-z][A-Za-z0-9+\-.]*$/

/**
 * Host and port, RFC 3986 section 3.2, without user information, which RFC 9113 section 8.3.1
 * forbids.
 */
const AUTHORITY = /^[A-Za-z0-9\-._~%!$&'()*+,;=:[\]]*$/

function fieldValue(fields: FieldList, name: string): string | undefined {
  for (const field of fields) if (field[0] === name) return field[1]
  return undefined
}

function readContentLength(fields: FieldList): number | undefined | 'invalid' {
  let length: string | undefined
  for (const [name, value] of fields) {
    if (name !== 'content-length') continue
    if (!/^\d{1,15}$/.test(value) || (length !== undefined && length !== value)) return 'invalid'
    length = value
  }
  return length === undefined ? undefined : Number(length)
}

function malformed(reason: string): RequestHeadResult {
  return { state: 'malformed', reason }
}

function show(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)
}
