import type { RequestHeaders } from '../application/request-headers'
import { nativeClasses, standInFor } from './native'

/**
 * A request's header fields as WHATWG `Headers`. Looking up is done where the fields are: a native
 * object costs more than a whole request through the protocol (benchmark:
 * bench/to-handler.bench.mjs), so it is made for what is rarer.
 */
export class FetchHeaders {
  readonly #fields: RequestHeaders
  #native: Headers | undefined

  constructor(fields: RequestHeaders) {
    this.#fields = fields
  }

  get(name: string): string | null {
    if (this.#native !== undefined) return this.#native.get(name)
    return this.#fields.get(name) ?? null
  }

  has(name: string): boolean {
    return this.#native === undefined ? this.#fields.has(name) : this.#native.has(name)
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.native[Symbol.iterator]()
  }

  /** @internal */
  get native(): Headers {
    this.#native ??= new (nativeClasses().Headers)(
      this.#fields.raw.map(([name, value]) => [name, value]),
    )
    return this.#native
  }
}

/** Makes `instanceof Headers` hold; to be called before there is one. */
export function linkFetchHeaders(): void {
  standInFor(FetchHeaders.prototype, nativeClasses().Headers.prototype, ({ native }) => native)
}
