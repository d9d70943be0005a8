import type { Pointer } from '../foreign/bind'
import { libssl } from '../foreign/libssl'

/** An empty place. */
const NONE = 0n

/** The lowest bit of an address, which is 0 in those of objects, says that it is a context's. */
const CONTEXT = 1n

/**
 * The contexts and connections of OpenSSL that a thread has, in memory that it shares with another one. They
 * outlive a thread that has to be terminated, as one whose handler doesn't return; the other one frees them
 * then.
 *
 * ```ts
 * const memory = TlsObjects.create(1 + maxClients)   // in both threads
 * new NativeTlsContext({ ...credentials, objects: new TlsObjects(memory) })   // in the one that serves
 * new TlsObjects(memory).freeAll()   // in the other one, when that is gone
 * ```
 */
export class TlsObjects {
  readonly #addresses: BigUint64Array
  /** Places that were given back; those from `#unused` on never were taken. */
  readonly #vacant: number[] = []
  #unused = 0

  /** @param memory of {@link create} */
  constructor(memory: SharedArrayBuffer) {
    this.#addresses = new BigUint64Array(memory)
  }

  /**
   * Makes the shared memory.
   *
   * @param capacity how many objects are known at once; what there is beyond isn't freed by {@link freeAll}
   */
  static create(capacity: number): SharedArrayBuffer {
    return new SharedArrayBuffer(capacity * BigUint64Array.BYTES_PER_ELEMENT)
  }

  /** @returns its place, for {@link remove}; undefined if there is none left */
  add(kind: 'context' | 'connection', address: Pointer): number | undefined {
    const place = this.#vacant.pop() ?? this.#unused
    if (place >= this.#addresses.length) return undefined
    if (place === this.#unused) this.#unused += 1
    this.#addresses[place] = kind === 'context' ? address | CONTEXT : address
    return place
  }

  /** The thread is about to free the object itself: from here on nobody else does. */
  remove(place: number | undefined): void {
    if (place === undefined) return
    this.#addresses[place] = NONE
    this.#vacant.push(place)
  }

  /**
   * Frees all that is left, SSL_free(3) and SSL_CTX_free(3). Only when the thread is gone: until then an
   * object is its own.
   */
  freeAll(): void {
    for (const [place, address] of this.#addresses.entries()) {
      if (address === NONE) continue
      this.#addresses[place] = NONE
      if ((address & CONTEXT) === NONE) libssl().SSL_free(address)
      else libssl().SSL_CTX_free(address & ~CONTEXT)
    }
  }
}
