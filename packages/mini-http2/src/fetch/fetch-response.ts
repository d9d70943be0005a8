import type { OctetVector } from '@h2lab/octets'
import { statusAllowsBody } from '../message/status'
import { nativeClasses, standInFor } from './native'
import { hasField, type ResponseField, toResponseFields } from './response-fields'

/** A body that is available as a whole; null if there is none. */
export type KnownBody = string | OctetVector | null

/** The body is in the native response. */
const ELSEWHERE = Symbol('elsewhere')

/**
 * A WHATWG `Response` that keeps the values it was created from, so a server need not read the body
 * back from a stream; `instanceof Response` works. A native response creates a stream for every
 * body, which costs many times what the protocol does (benchmark: bench/to-handler.bench.mjs). This
 * class implements status, header fields, and bodies of strings and bytes. Everything else uses a
 * native response that is created on demand.
 *
 * Use it in place of `Response`, or call `installFetchClasses`.
 */
export class FetchResponse {
  #body: KnownBody | typeof ELSEWHERE
  #status = 200
  #statusText = ''
  #fields: ResponseField[] | undefined
  #headers: Headers | undefined
  #native: Response | undefined
  #used = false

  /** Same as `new Response()`. */
  constructor(body?: ConstructorParameters<typeof Response>[0], init?: ResponseInit) {
    if (!isLinked) linkFetchResponse()
    const status = init?.status ?? 200
    if (isKnown(body) && isAllowed(status, body)) {
      // The caller may modify the array later.
      this.#body = typeof body === 'object' && body !== null ? body.slice() : (body ?? null)
      this.#status = status
      this.#statusText = init?.statusText ?? ''
      this.#fields = toResponseFields(init?.headers)
      if (typeof body === 'string' && !hasField(this.#fields, 'content-type')) {
        this.#fields.push(['content-type', 'text/plain;charset=UTF-8'])
      }
    } else {
      this.#body = ELSEWHERE
      this.#native = new (nativeClasses().Response)(body, init)
      this.#status = this.#native.status
      this.#statusText = this.#native.statusText
      this.#headers = this.#native.headers
    }
  }

  /** Same as `Response.json()`. */
  static json(data: unknown, init?: ResponseInit): Response {
    const text = JSON.stringify(data)
    if (text === undefined) return nativeClasses().Response.json(data, init)
    const fields = toResponseFields(init?.headers)
    if (!hasField(fields, 'content-type')) fields.push(['content-type', 'application/json'])
    const headers = fields.map(([name, value]): [string, string] => [name, value])
    return new FetchResponse(text, { ...init, headers }) as unknown as Response
  }

  /** Same as `Response.redirect()`. */
  static redirect(url: string | URL, status?: number): Response {
    return nativeClasses().Response.redirect(url, status as 302)
  }

  /** Same as `Response.error()`. */
  static error(): Response {
    return nativeClasses().Response.error()
  }

  /**
   * All responses are instances, including native ones, because this class may replace the native
   * one.
   */
  static [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass has instances of its own
    return this === FetchResponse
      ? value instanceof nativeClasses().Response
      : // biome-ignore lint/complexity/noThisInStatic: as above
        Function.prototype[Symbol.hasInstance].call(this, value)
  }

  get status(): number {
    return this.#status
  }

  get ok(): boolean {
    return this.#status >= 200 && this.#status <= 299
  }

  get statusText(): string {
    return this.#statusText
  }

  get headers(): Headers {
    this.#headers ??= new (nativeClasses().Headers)(
      this.#fields?.map(([name, value]): [string, string] => [name, value]),
    )
    return this.#headers
  }

  get body(): ReadableStream<Uint8Array> | null {
    return this.#body === null ? null : this.native.body
  }

  get bodyUsed(): boolean {
    return this.#native?.bodyUsed ?? this.#used
  }

  async text(): Promise<string> {
    if (typeof this.#body !== 'string') return this.native.text()
    const text = this.#body
    this.#use()
    return text
  }

  async json(): Promise<unknown> {
    return typeof this.#body === 'string' ? JSON.parse(await this.text()) : this.native.json()
  }

  clone(): Response {
    if (this.#body === ELSEWHERE || this.#used) return this.native.clone()
    return new FetchResponse(this.#body, this as unknown as Response) as unknown as Response
  }

  /** @internal The same response as a native object, which has the body from then on. */
  get native(): Response {
    if (this.#native === undefined) {
      const { status, statusText, headers } = this
      this.#native = new (nativeClasses().Response)(this.#body as KnownBody, {
        status,
        statusText,
        headers,
      })
      if (this.#used) void this.#native.text()
      this.#body = ELSEWHERE
    }
    return this.#native
  }

  #use(): void {
    if (this.#used) throw new TypeError("A response's body can only be read once.")
    this.#used = true
  }

  /**
   * Takes the body out of a response of any class, if it is available and unread.
   *
   * @internal
   * @returns undefined if the body must be read from the response's stream
   */
  static takeKnownBody(response: Response | FetchResponse): KnownBody | undefined {
    if (!(#body in response) || response.#body === ELSEWHERE) return undefined
    const body = response.#body
    if (body !== null) response.#use()
    return body
  }

  /**
   * Returns the header fields of a response of any class.
   *
   * @internal
   */
  static fieldsOf(response: Response | FetchResponse): ResponseField[] {
    const known =
      #fields in response && response.#headers === undefined ? response.#fields : undefined
    return known ?? toResponseFields(response.headers)
  }
}

function isKnown(body: unknown): body is KnownBody | undefined {
  return (
    typeof body === 'string' || body === undefined || body === null || body instanceof Uint8Array
  )
}

/** Anything else goes to the native class, which throws the right error. */
function isAllowed(status: number, body: unknown): boolean {
  const hasBody = body !== undefined && body !== null
  return (
    Number.isInteger(status) &&
    status >= 200 &&
    status <= 599 &&
    (!hasBody || statusAllowsBody(status))
  )
}

let isLinked = false

/** Makes `instanceof Response` work, for the native class and for this one when it replaces it. */
function linkFetchResponse(): void {
  isLinked = true
  standInFor(FetchResponse.prototype, nativeClasses().Response.prototype, ({ native }) => native)
}
