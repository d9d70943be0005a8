import type { OctetVector } from '@h2lab/octets'

/** Up to this length a view is kept: a batch of a hundred requests. All of them take 400 KiB of heap. */
const LONGEST_KEPT = 4096

/**
 * Views of the first octets of a buffer. Reads of the same length come again and again, and making a view takes
 * as long as a call of a C function: each is made once.
 */
export class BufferViews {
  readonly #buffer: OctetVector
  readonly #views: (OctetVector | undefined)[] = new Array(LONGEST_KEPT + 1).fill(undefined)

  constructor(buffer: OctetVector) {
    this.#buffer = buffer
  }

  /** Hot path. Returns a view of the first `length` octets, to be lent and not kept. */
  first(length: number): OctetVector {
    if (length > LONGEST_KEPT) return this.#buffer.subarray(0, length)
    let view = this.#views[length]
    if (view === undefined) {
      view = this.#buffer.subarray(0, length)
      this.#views[length] = view
    }
    return view
  }
}
