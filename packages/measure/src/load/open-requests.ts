/**
 * The due times of a connection's open requests. Requests are numbered from 0 and mostly end in that order. So they
 * are kept in a ring, and only those still open when the ring comes around are moved to a map.
 */
export class OpenRequests {
  /** NaN if not open. */
  readonly #dueTimes: Float64Array
  readonly #numbers: Float64Array
  readonly #stragglers = new Map<number, number>()
  #count = 0

  /** @param expected how many requests are usually open at once */
  constructor(expected: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, expected * 2)))
    this.#dueTimes = new Float64Array(size).fill(Number.NaN)
    this.#numbers = new Float64Array(size)
  }

  get count(): number {
    return this.#count
  }

  add(request: number, dueAt: number): void {
    const index = request & (this.#dueTimes.length - 1)
    const before = this.#dueTimes[index]!
    if (!Number.isNaN(before)) this.#stragglers.set(this.#numbers[index]!, before)
    this.#dueTimes[index] = dueAt
    this.#numbers[index] = request
    this.#count++
  }

  /** Removes a request and returns when it was due. NaN if it is not open. */
  remove(request: number): number {
    const index = request & (this.#dueTimes.length - 1)
    const dueAt = this.#dueTimes[index]!
    if (Number.isNaN(dueAt) || this.#numbers[index] !== request) return this.#removeOld(request)
    this.#dueTimes[index] = Number.NaN
    this.#count--
    return dueAt
  }

  /** Removes the requests after a number and returns when they were due. */
  removeBehind(last: number): number[] {
    const open = [...this.#stragglers.keys()]
    this.#dueTimes.forEach((dueAt, index) => {
      if (!Number.isNaN(dueAt)) open.push(this.#numbers[index]!)
    })
    return open.filter((request) => request > last).map((request) => this.remove(request))
  }

  #removeOld(request: number): number {
    const dueAt = this.#stragglers.get(request)
    if (dueAt === undefined) return Number.NaN
    this.#stragglers.delete(request)
    this.#count--
    return dueAt
  }
}
