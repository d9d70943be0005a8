/** Durations in milliseconds. */
export class Latencies {
  #values: number[] = []

  add(milliseconds: number): void {
    this.#values.push(milliseconds)
  }

  get count(): number {
    return this.#values.length
  }

  /** @param share 0 to 1. @returns 0 if there is none */
  percentile(share: number): number {
    const sorted = this.#values.sort((one, other) => one - other)
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
  }

  clear(): void {
    this.#values = []
  }
}
