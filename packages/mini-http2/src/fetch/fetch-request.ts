import type { ServerRequest } from '../application/request'
import { FetchHeaders, linkFetchHeaders } from './fetch-headers'
import { parseJson } from './malformed-json'
import { nativeClasses, standInFor } from './native'
import { toReadableStream } from './request-body'
import { urlOf } from './request-url'

/**
 * A server's request as a WHATWG `Request`; `instanceof Request` works. A native one costs more
 * than the rest of a request (benchmark: bench/to-handler.bench.mjs), so this class implements
 * method, URL, header fields, signal and reading the whole body. Everything else uses a native
 * object that is created on demand.
 */
export class FetchRequest {
  readonly #source: ServerRequest
  readonly #origin: string
  readonly #bodyLimit: number
  #url: string | undefined
  #headers: FetchHeaders | undefined
  #native: Request | undefined
  /** Whether the body was read, or is being read. */
  #used = false

  /**
   * @param origin the result of `originOf`
   * @param bodyLimit maximum bytes when the body is read as a whole
   */
  constructor(source: ServerRequest, origin: string, bodyLimit: number) {
    this.#source = source
    this.#origin = origin
    this.#bodyLimit = bodyLimit
  }

  get method(): string {
    return this.#source.method
  }

  get url(): string {
    this.#url ??= urlOf(this.#origin, this.#source.path)
    return this.#url
  }

  get headers(): FetchHeaders {
    this.#headers ??= new FetchHeaders(this.#source.headers)
    return this.#headers
  }

  get signal(): AbortSignal {
    return this.#source.signal
  }

  get body(): ReadableStream<Uint8Array> | null {
    return this.#mayHaveBody() ? this.native.body : null
  }

  get bodyUsed(): boolean {
    return this.#native?.bodyUsed ?? this.#used
  }

  async text(): Promise<string> {
    if (this.#isReadHere()) return this.#source.body.text({ limit: this.#bodyLimit })
    return this.native.text()
  }

  async json(): Promise<unknown> {
    return parseJson(await this.text())
  }

  async bytes(): Promise<Uint8Array> {
    if (this.#isReadHere()) return this.#source.body.octets({ limit: this.#bodyLimit })
    return new Uint8Array(await this.native.arrayBuffer())
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const octets = await this.bytes()
    // The octets may be part of a larger buffer that also contains another request's.
    return new Uint8Array(octets).buffer
  }

  async blob(): Promise<Blob> {
    return (await this.#wholeAsResponse()).blob()
  }

  async formData(): Promise<FormData> {
    return (await this.#wholeAsResponse()).formData()
  }

  clone(): Request {
    return this.native.clone()
  }

  /** @internal The same request as a native object, which reads the body from then on. */
  get native(): Request {
    if (this.#native === undefined) {
      if (this.#used) throw new TypeError("A request whose body was read can't be copied.")
      const { method, signal } = this
      const headers = this.headers.native
      this.#native = new (nativeClasses().Request)(this.url, {
        method,
        headers,
        signal,
        ...(this.#mayHaveBody()
          ? { body: toReadableStream(this.#source.body), duplex: 'half' as const }
          : {}),
      })
    }
    return this.#native
  }

  /** Fetch allows no body with these two methods. */
  #mayHaveBody(): boolean {
    return this.method !== 'GET' && this.method !== 'HEAD'
  }

  /** Whether this object reads the body; false if a native request does. */
  #isReadHere(): boolean {
    if (this.#native !== undefined) return false
    if (this.#used) throw new TypeError("A request's body can only be read once.")
    this.#used = this.#mayHaveBody()
    return true
  }

  /** For methods that also depend on the media type. */
  async #wholeAsResponse(): Promise<Response> {
    const type = this.headers.get('content-type')
    const headers = type === null ? undefined : { 'content-type': type }
    return new (nativeClasses().Response)(await this.bytes(), headers && { headers })
  }
}

let isLinked = false

/** Makes `instanceof Request` work. Call it before the first instance is created. */
export function linkFetchRequest(): void {
  if (isLinked) return
  isLinked = true
  linkFetchHeaders()
  standInFor(FetchRequest.prototype, nativeClasses().Request.prototype, ({ native }) => native)
}
