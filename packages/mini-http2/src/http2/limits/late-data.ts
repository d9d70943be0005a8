/**
 * The minimum that a DATA frame counts, in octets: tiny frames are nearly as much work as others.
 */
const LEAST_SIZE = 128

/**
 * DATA that may still arrive on streams that we have reset, because it was in flight: as much as
 * their windows allowed. It is not a fault of the client.
 */
export class LateData {
  readonly #most: number
  #expected = 0

  /** @param most octets: the sum of the windows of all streams that may be open at once */
  constructor(most: number) {
    this.#most = most
  }

  /**
   * We have reset a stream that the client had not ended.
   *
   * @param window the stream's window in octets. May be negative, RFC 9113 section 6.9.2
   */
  expect(window: number): void {
    this.#expected = Math.min(this.#most, this.#expected + Math.max(0, window))
  }

  /**
   * A DATA frame arrived on such a stream.
   *
   * @param size in octets, including padding
   * @returns whether it was expected
   */
  receive(size: number): boolean {
    const cost = Math.max(size, LEAST_SIZE)
    if (size === 0 || cost > this.#expected) return false
    this.#expected -= cost
    return true
  }
}
