import {
  type RequestBody,
  RequestBodyError,
  RequestHeaders,
  type ServerRequest,
} from '@h2lab/mini-http2'
import { isPath, sameAuthority } from '@h2lab/mini-http2/protocol'
import type { FieldBlock } from './field-block'

/** A request as the application sees it. nghttp2 has validated its fields, except for {@link fault}. */
export class Nghttp2Request implements ServerRequest {
  /** A blocking loop can't wait for trailers. */
  readonly trailers = undefined
  readonly #fields: FieldBlock
  #headers: RequestHeaders | undefined
  #abortController: AbortController | undefined
  #abandoned = false

  /** @param fields as decoded, with the pseudo-header fields of RFC 9113 section 8.3.1 */
  constructor(fields: FieldBlock) {
    this.#fields = fields
  }

  get method(): string {
    return this.#fields.pseudoHeader(':method') ?? ''
  }

  get scheme(): string {
    return this.#fields.pseudoHeader(':scheme') ?? ''
  }

  get authority(): string {
    return this.#fields.pseudoHeader(':authority') ?? this.headers.get('host') ?? ''
  }

  get path(): string {
    return this.#fields.pseudoHeader(':path') ?? ''
  }

  get protocol(): string | undefined {
    return this.#fields.pseudoHeader(':protocol')
  }

  /** What nghttp2 does not check: a path that is not valid in a URI, or a `host` that differs from `:authority`. */
  get fault(): 'bad path' | 'malformed' | undefined {
    const fields = this.#fields
    const path = fields.pseudoHeader(':path')
    // CONNECT has no path.
    if (path !== undefined && !isPath(path, this.method)) return 'bad path'
    const hosts = fields.values('host')
    if (hosts.length === 0) return undefined
    const [host] = hosts as [string]
    const authority = fields.pseudoHeader(':authority') ?? host
    const isSame = hosts.length === 1 && sameAuthority(authority, host, this.scheme)
    return isSame ? undefined : 'malformed'
  }

  get headers(): RequestHeaders {
    if (this.#headers === undefined) {
      const regular = [...this.#fields].filter(([name]) => !name.startsWith(':'))
      this.#headers = new RequestHeaders(regular)
    }
    return this.#headers
  }

  get body(): RequestBody {
    return UNREAD_BODY
  }

  get signal(): AbortSignal {
    this.#abortController ??= new AbortController()
    if (this.#abandoned) this.#abortController.abort()
    return this.#abortController.signal
  }

  /** The client cancelled the request, or its connection is lost. */
  abandon(): void {
    this.#abandoned = true
    this.#abortController?.abort()
  }
}

/** Content is received and discarded. Reading it would need a promise, which a blocking loop refuses. */
const UNREAD_BODY: RequestBody = {
  [Symbol.asyncIterator]: () => ({ next: unread }),
  octets: unread,
  bytes: unread,
  text: unread,
  json: unread,
}

function unread(): Promise<never> {
  return Promise.reject(
    new RequestBodyError(
      'BODY_USED',
      'The protocol nghttp2 discards the content of requests, because a blocking server can not wait for it. Choose another dispatch method.',
    ),
  )
}
