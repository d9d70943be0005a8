import type { RequestHeaders } from '../application/request-headers'
import { nativeClasses, standInFor } from './native'

/**
 * The header fields of a request as WHATWG `Headers`. Lookups read the request's fields directly. A
 * native object costs more than handling a whole request (benchmark: bench/to-handler.bench.mjs),
 * so it is created only for less common operations.
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

/** Makes `instanceof Headers` work. Call it before the first instance is created. */
export function linkFetchHeaders(): void {
  standInFor(FetchHeaders.prototype, nativeClasses().Headers.prototype, ({ native }) => native)
}
