import type { OctetVector } from '@h2lab/octets'
import {
  COLON,
  digitOf,
  isName,
  isSpace,
  listEndsWith,
  listHas,
  makeName,
  SP,
  skipSpace,
  skipSpaceBack,
  tokenEnd,
} from './characters'

const HTTP_1 = makeName('http/1.')

const CONTENT_LENGTH = makeName('content-length')
const TRANSFER_ENCODING = makeName('transfer-encoding')
const CHUNKED = makeName('chunked')
const CONNECTION = makeName('connection')
const CLOSE = makeName('close')
const KEEP_ALIVE = makeName('keep-alive')

/**
 * The fields of a response head that concern its body and connection. Others are skipped. One object is reused for
 * all responses of a connection.
 */
export class ResponseHead {
  readonly #method: 'GET' | 'HEAD'
  #status = 0
  #contentLength: number | undefined
  #transferCoding: 'none' | 'chunked' | 'other' = 'none'
  #connection: 'kept' | 'closed' = 'kept'

  constructor(method: 'GET' | 'HEAD') {
    this.#method = method
  }

  get status(): number {
    return this.#status
  }

  /** The length in octets, or how the end is found: RFC 9112 section 6.3. */
  get body(): number | 'chunked' | 'until the end' {
    if (this.#method === 'HEAD' || this.#status === 204 || this.#status === 304) return 0
    if (this.#transferCoding === 'chunked') return 'chunked'
    if (this.#transferCoding === 'other') return 'until the end'
    return this.#contentLength ?? 'until the end'
  }

  /** What is wrong with all of its fields together, if anything is: RFC 9112 section 6.3. */
  get fault(): string | undefined {
    if (this.#transferCoding === 'none' || this.#contentLength === undefined) return undefined
    return 'it has both content-length and transfer-encoding'
  }

  /** Whether the server closes the connection behind this response: RFC 9112 section 9.3. */
  get isLast(): boolean {
    return this.#connection === 'closed'
  }

  /**
   * Reads the status line, which starts a head: RFC 9112 section 4.
   *
   * @returns what is wrong with the line, if anything is
   */
  readStatusLine(octets: OctetVector, start: number, end: number): string | undefined {
    const minor = start + HTTP_1.length
    const code = minor + 2
    const codeEnd = code + 3
    if (
      !isName(octets, start, Math.min(minor, end), HTTP_1) ||
      !isDigit(octets[minor]!) ||
      octets[minor + 1] !== SP ||
      codeEnd > end ||
      (codeEnd < end && octets[codeEnd] !== SP)
    ) {
      return 'it begins without a status line'
    }
    const status = integerOf(octets, code, codeEnd)
    if (status === undefined || status < 100) return 'its status code is none'
    this.#status = status
    this.#contentLength = undefined
    this.#transferCoding = 'none'
    this.#connection = digitOf(octets[minor]!) === 0 ? 'closed' : 'kept'
    return undefined
  }

  /**
   * Reads a field line: RFC 9112 section 5. Most lines of a response are field lines.
   *
   * @returns what is wrong with the line, if anything is
   */
  readField(octets: OctetVector, start: number, end: number): string | undefined {
    // An obsolete continuation line. None of the relevant fields has one.
    if (isSpace(octets[start]!)) return undefined
    const colon = tokenEnd(octets, start, end)
    const fault = nameFault(octets, start, colon, end)
    if (fault !== undefined) return fault
    switch (colon - start) {
      case CONNECTION.length:
        if (isName(octets, start, colon, CONNECTION)) this.#readConnection(octets, colon + 1, end)
        break
      case CONTENT_LENGTH.length:
        if (isName(octets, start, colon, CONTENT_LENGTH)) {
          return this.#readContentLength(octets, colon + 1, end)
        }
        break
      case TRANSFER_ENCODING.length:
        if (isName(octets, start, colon, TRANSFER_ENCODING)) {
          this.#transferCoding = listEndsWith(octets, colon + 1, end, CHUNKED) ? 'chunked' : 'other'
        }
        break
    }
    return undefined
  }

  /**
   * Reads a field line of the trailers, which say nothing more of body and connection.
   *
   * @returns what is wrong with the line, if anything is
   */
  readTrailer(octets: OctetVector, start: number, end: number): string | undefined {
    if (isSpace(octets[start]!)) return undefined
    return nameFault(octets, start, tokenEnd(octets, start, end), end)
  }

  #readConnection(octets: OctetVector, start: number, end: number): void {
    if (listHas(octets, start, end, CLOSE)) this.#connection = 'closed'
    else if (listHas(octets, start, end, KEEP_ALIVE)) this.#connection = 'kept'
  }

  #readContentLength(octets: OctetVector, start: number, end: number): string | undefined {
    const length = integerOf(
      octets,
      skipSpace(octets, start, end),
      skipSpaceBack(octets, start, end),
    )
    if (length === undefined) return 'its content-length is no number'
    if ((this.#contentLength ?? length) !== length) return 'it has two values of content-length'
    this.#contentLength = length
    return undefined
  }
}

/**
 * Returns what is wrong with the name of a field line, if anything is: RFC 9110 section 5.1.
 *
 * @param nameEnd where the token ends that the line begins with
 */
function nameFault(
  octets: OctetVector,
  start: number,
  nameEnd: number,
  end: number,
): string | undefined {
  if (nameEnd === end || octets[nameEnd] !== COLON) return 'a field name is no token'
  return nameEnd === start ? 'a field line has no name' : undefined
}

/** Returns a decimal number, undefined if there is none or one that can't be counted. */
function integerOf(octets: OctetVector, start: number, end: number): number | undefined {
  if (start >= end) return undefined
  let value = 0
  for (let at = start; at < end; at++) {
    if (!isDigit(octets[at]!)) return undefined
    value = value * 10 + digitOf(octets[at]!)
  }
  return Number.isSafeInteger(value) ? value : undefined
}

function isDigit(octet: number): boolean {
  const digit = digitOf(octet)
  return digit >= 0 && digit <= 9
}
