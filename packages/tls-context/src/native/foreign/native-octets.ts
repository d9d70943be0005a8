import type { OctetVector } from '@h2lab/octets'
import { toAddress } from './bind'
import { loadKoffi } from './koffi'

/**
 * Views up to this length are cached: a batch of a hundred requests. All of them together take 400
 * KiB of heap.
 */
const LONGEST_KEPT_VIEW = 4096

/**
 * A reusable buffer for hot calls that knows its address. For other arrays, each call of a C
 * function asks V8 five questions to find it. Benchmark: `npm run bench` (tls-context: native).
 */
export class NativeOctets extends Uint8Array<ArrayBuffer> {
  /**
   * The address of the first octet. It doesn't move, and is valid while this object is reachable.
   */
  readonly address: number
  readonly #views: (OctetVector | undefined)[] = new Array(LONGEST_KEPT_VIEW + 1).fill(undefined)

  /**
   * @param length in octets, not 0
   * @throws NativeUnavailableError
   */
  constructor(length: number) {
    // V8 stores a short array inside its object, which moves, unless it is created from a buffer.
    super(new ArrayBuffer(length))
    this.address = toAddress(loadKoffi().address(this))
  }

  /** Derived arrays, such as a slice, are ordinary arrays. */
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array
  }

  /**
   * Returns a view of the first `length` octets, which must not be kept. Reads of the same length
   * are frequent, and creating a view takes as long as a C function call, so views are cached.
   */
  first(length: number): OctetVector {
    if (length > LONGEST_KEPT_VIEW) return new Uint8Array(this.buffer, 0, length)
    let view = this.#views[length]
    if (view === undefined) {
      view = new Uint8Array(this.buffer, 0, length)
      this.#views[length] = view
    }
    return view
  }
}
