import type { Pointer } from '../foreign/bind'
import { libssl } from '../foreign/libssl'

/** An unused place. */
const NONE = 0n

/** Marks the address of a context. The lowest bit of an object's address is always 0. */
const CONTEXT = 1n

/**
 * The OpenSSL contexts and connections of a thread, recorded in memory shared with another thread.
 * They outlive a thread that is terminated, for example because a handler doesn't return. The other
 * thread then frees them.
 *
 * ```ts
 * const memory = TlsObjects.create(1 + maxClients)   // in both threads
 * new NativeTlsContext({ ...credentials, objects: new TlsObjects(memory) })   // in the serving thread
 * new TlsObjects(memory).freeAll()   // in the other one, after the serving thread has ended
 * ```
 */
export class TlsObjects {
  readonly #addresses: BigUint64Array
  /** Places that were released. Places from `#unused` on were never used. */
  readonly #vacant: number[] = []
  #unused = 0

  /** @param memory the result of {@link create} */
  constructor(memory: SharedArrayBuffer) {
    this.#addresses = new BigUint64Array(memory)
  }

  /**
   * Creates the shared memory.
   *
   * @param capacity how many objects are recorded at once; {@link freeAll} doesn't free others
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

  /** The thread is about to free the object itself, so no other thread may. */
  remove(place: number | undefined): void {
    if (place === undefined) return
    this.#addresses[place] = NONE
    this.#vacant.push(place)
  }

  /**
   * Frees all remaining objects, SSL_free(3) and SSL_CTX_free(3). Call it only after the thread has
   * ended; until then the objects belong to it.
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
