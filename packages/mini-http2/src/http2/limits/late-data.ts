/** What a DATA frame counts at least, in octets: tiny ones are nearly as much work as others. */
const LEAST_SIZE = 128

/**
 * DATA that may still come on streams that we have reset, because it was on its way: as much as their windows
 * allowed. It is no fault of the client.
 */
export class LateData {
  readonly #most: number
  #expected = 0

  /** @param most octets: the windows of all streams that may be open at once */
  constructor(most: number) {
    this.#most = most
  }

  /**
   * A stream was reset whose client had not ended it.
   *
   * @param window what it allowed, in octets; may be negative, RFC 9113 section 6.9.2
   */
  expect(window: number): void {
    this.#expected = Math.min(this.#most, this.#expected + Math.max(0, window))
  }

  /**
   * A DATA frame came on such a stream.
   *
   * @param size in octets, with padding
   * @returns whether it was to be expected
   */
  receive(size: number): boolean {
    const cost = Math.max(size, LEAST_SIZE)
    if (size === 0 || cost > this.#expected) return false
    this.#expected -= cost
    return true
  }
}
