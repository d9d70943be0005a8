import type { OctetVector } from '@h2lab/octets'
import { toAddress } from './bind'
import { loadKoffi } from './koffi'

/** Up to this length a view is kept: a batch of a hundred requests. All of them take 400 KiB of heap. */
const LONGEST_KEPT_VIEW = 4096

/**
 * Octets of a buffer that is used again and again for hot calls. To find where an array's octets are, each call of a
 * C function asks V8 five questions; these know their address. `npm run bench` (tls-context: native) compares.
 */
export class NativeOctets extends Uint8Array<ArrayBuffer> {
  /** Where the first octet is. It doesn't move, and is valid as long as this object is reachable. */
  readonly address: number
  readonly #views: (OctetVector | undefined)[] = new Array(LONGEST_KEPT_VIEW + 1).fill(undefined)

  /**
   * @param length in octets, not 0
   * @throws NativeUnavailableError
   */
  constructor(length: number) {
    // V8 keeps the octets of a short array in the array, which it moves, unless they come from a buffer.
    super(new ArrayBuffer(length))
    this.address = toAddress(loadKoffi().address(this))
  }

  /** What is made of it, such as a part, are ordinary arrays. */
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array
  }

  /**
   * Returns a view of the first `length` octets, to be lent and not kept. Reads of the same length come
   * again and again, and making a view takes as long as a call of a C function: each is made once.
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
