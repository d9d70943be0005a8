/**
 * When each open request of a connection was due. Requests go by their numbers, which count up from 0, and mostly end
 * in that order: a ring that grows when an old request would be overwritten.
 */
export class OpenRequests {
  /** NaN where none is open. */
  #dueTimes: Float64Array
  #numbers: Float64Array
  #count = 0

  /** @param expected how many are open at once, most of the time */
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
    if (!Number.isNaN(this.#dueTimes[index]!)) {
      this.#grow()
      this.add(request, dueAt)
      return
    }
    this.#dueTimes[index] = dueAt
    this.#numbers[index] = request
    this.#count++
  }

  /** Returns when the request was due and forgets it; NaN if it isn't open. */
  remove(request: number): number {
    const index = request & (this.#dueTimes.length - 1)
    const dueAt = this.#dueTimes[index]!
    if (Number.isNaN(dueAt) || this.#numbers[index] !== request) return Number.NaN
    this.#dueTimes[index] = Number.NaN
    this.#count--
    return dueAt
  }

  /** Forgets those behind a number, and returns when they were due. */
  removeBehind(last: number): number[] {
    const dueTimes: number[] = []
    this.#dueTimes.forEach((dueAt, index) => {
      const request = this.#numbers[index]!
      if (!Number.isNaN(dueAt) && request > last) dueTimes.push(this.remove(request))
    })
    return dueTimes
  }

  #grow(): void {
    const open = [...this.#dueTimes.entries()].filter(([, dueAt]) => !Number.isNaN(dueAt))
    const numbers = this.#numbers
    const size = this.#dueTimes.length * 2
    this.#dueTimes = new Float64Array(size).fill(Number.NaN)
    this.#numbers = new Float64Array(size)
    this.#count = 0
    for (const [index, dueAt] of open) this.add(numbers[index]!, dueAt)
  }
}
