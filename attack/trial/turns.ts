/** Lets one measure at a time. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  /** Waits for its turn. @returns what ends it; more than once has no effect */
  async take(): Promise<() => void> {
    const before = this.#last
    let release: () => void = () => {}
    this.#last = new Promise((resolve) => {
      release = resolve
    })
    await before
    return release
  }
}
