import { concatenate, copyOctets, type OctetVector } from '@h2lab/octets'
import { CR, LF } from './characters'
import { ResponseHead } from './response-head'

/** Receives the responses of a {@link ResponseReader}. */
export interface ResponseEvents {
  /** Whether a request is waiting for its response. */
  isExpected(): boolean
  /** A final response is complete. */
  onResponse(status: number): void
}

/** What follows: a kind of line, a number of octets, or everything up to the end. */
type Part =
  | 'status line'
  | 'field line'
  | 'body'
  | 'chunk size'
  | 'chunk'
  | 'chunk end'
  | 'trailer line'
  | 'body until the end'
  | 'nothing'

/**
 * The longest line, in octets. Without a limit, a server could fill the memory. Apache accepts half of that, Node the
 * same for all fields together.
 */
const LONGEST_LINE = 16_384

/**
 * Parses the responses on an HTTP/1.1 connection, RFC 9112. Their octets may be split in any way. Bodies are skipped.
 */
export class ResponseReader {
  readonly #events: ResponseEvents
  readonly #head: ResponseHead
  #next: Part = 'status line'
  /** How many octets of a body or chunk are missing. */
  #remaining = 0
  /** The beginning of an incomplete line. */
  #line: OctetVector | undefined
  #error: Error | undefined

  /** @param method the method of all requests: responses to HEAD have no body */
  constructor(events: ResponseEvents, method: 'GET' | 'HEAD' = 'GET') {
    this.#events = events
    this.#head = new ResponseHead(method)
  }

  /** `closed` if no more responses follow, because of the last response or an error. */
  get state(): 'open' | 'closed' {
    return this.#next === 'nothing' ? 'closed' : 'open'
  }

  /** The server's error that closed it. */
  get error(): Error | undefined {
    return this.#error
  }

  /**
   * Processes octets. Hot path: it looks at each octet of a head once and at none of a body, so that the generator
   * stays faster than the fastest servers (`bench/generators-agree`).
   *
   * @param octets only valid during the call
   */
  receive(octets: OctetVector): void {
    let offset = 0
    while (offset < octets.length) {
      switch (this.#next) {
        case 'body':
        case 'chunk':
          offset = this.#skip(octets, offset)
          break
        case 'body until the end':
        case 'nothing':
          return
        case 'status line':
          // Checked even if the line never ends.
          if (!this.#events.isExpected()) {
            this.#fail('it is not a response to any request')
            return
          }
          offset = this.#receiveLine(octets, offset)
          break
        default:
          offset = this.#receiveLine(octets, offset)
      }
    }
  }

  /** The server has ended its side. */
  receiveEnd(): void {
    if (this.#next === 'nothing') return
    if (this.#next === 'body until the end') this.#events.onResponse(this.#head.status)
    else if (this.#next !== 'status line' || this.#line !== undefined) {
      this.#fail(`the connection ended where a ${this.#next} was to come`)
    }
    this.#next = 'nothing'
  }

  #skip(octets: OctetVector, offset: number): number {
    const count = Math.min(this.#remaining, octets.length - offset)
    this.#remaining -= count
    if (this.#remaining === 0) {
      if (this.#next === 'body') this.#complete()
      else this.#next = 'chunk end'
    }
    return offset + count
  }

  #receiveLine(octets: OctetVector, start: number): number {
    let end = start
    while (end < octets.length && octets[end] !== LF) end++
    const length = end - start + (this.#line?.length ?? 0)
    if (length > LONGEST_LINE) {
      this.#fail(`a ${this.#next} is longer than ${LONGEST_LINE} octets`)
    } else if (end === octets.length) {
      const piece = copyOctets(octets, start)
      this.#line = this.#line === undefined ? piece : concatenate(this.#line, piece)
    } else if (this.#line === undefined) {
      this.#processLine(octets, start, end)
    } else {
      const line = concatenate(this.#line, octets.subarray(start, end))
      this.#line = undefined
      this.#processLine(line, 0, line.length)
    }
    return end + 1
  }

  /** @param lineFeed the position of the LF at the end of the line */
  #processLine(octets: OctetVector, start: number, lineFeed: number): void {
    const end = lineFeed - 1
    if (end < start || octets[end] !== CR) {
      this.#fail(`a ${this.#next} ends without CR`)
      return
    }
    switch (this.#next) {
      case 'status line':
        this.#processStatusLine(octets, start, end)
        break
      case 'field line':
        if (start === end) this.#endHead()
        else this.#failIf(this.#head.readField(octets, start, end))
        break
      case 'chunk size':
        this.#processChunkSize(octets, start, end)
        break
      case 'chunk end':
        if (start === end) this.#next = 'chunk size'
        else this.#fail('a chunk is longer than its size')
        break
      case 'trailer line':
        if (start === end) this.#complete()
        else this.#failIf(this.#head.readTrailer(octets, start, end))
        break
    }
  }

  #processStatusLine(octets: OctetVector, start: number, end: number): void {
    this.#next = 'field line'
    this.#failIf(this.#head.readStatusLine(octets, start, end))
  }

  /** RFC 9112 section 6.3 */
  #endHead(): void {
    const { status, body, fault } = this.#head
    if (fault !== undefined) this.#fail(fault)
    else if (status === 101) this.#fail('it switches to another protocol, for which nobody asked')
    // An informational response is followed by another.
    else if (status < 200) this.#next = 'status line'
    else if (body === 'chunked') this.#next = 'chunk size'
    else if (body === 'until the end') this.#next = 'body until the end'
    else if (body === 0) this.#complete()
    else {
      this.#remaining = body
      this.#next = 'body'
    }
  }

  /** RFC 9112 section 7.1 */
  #processChunkSize(octets: OctetVector, start: number, end: number): void {
    const line = Buffer.from(octets.buffer, octets.byteOffset + start, end - start)
    // Extensions may follow the size. Eight digits are up to 4 GiB.
    const digits = /^([0-9A-Fa-f]{1,8})[\t ]*(?:;|$)/.exec(line.toString('latin1'))?.[1]
    if (digits === undefined) {
      this.#fail('a chunk has no size')
      return
    }
    this.#remaining = Number.parseInt(digits, 16)
    this.#next = this.#remaining === 0 ? 'trailer line' : 'chunk'
  }

  #complete(): void {
    this.#next = this.#head.isLast ? 'nothing' : 'status line'
    this.#events.onResponse(this.#head.status)
  }

  #failIf(reason: string | undefined): void {
    if (reason !== undefined) this.#fail(reason)
  }

  #fail(reason: string): void {
    this.#error = new Error(`The server sent an invalid HTTP/1.1 response: ${reason}`)
    this.#next = 'nothing'
    this.#line = undefined
  }
}
