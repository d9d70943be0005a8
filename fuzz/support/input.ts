import type { OctetVector } from '@h2lab/octets'

/** The input of a target, read from its beginning. Beyond its end all octets are 0. */
export class Input {
  readonly #octets: OctetVector
  #at = 0

  constructor(octets: OctetVector) {
    this.#octets = octets
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#octets.length
  }

  octet(): number {
    return this.#octets[this.#at++] ?? 0
  }

  /** One of some choices. */
  choice<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.octet() % choices.length] as Choice
  }

  /** So many octets, or those that are left. A copy. */
  take(length: number): OctetVector {
    const taken = new Uint8Array(this.#octets.subarray(this.#at, this.#at + length))
    this.#at += taken.length
    return taken
  }

  rest(): OctetVector {
    return this.take(this.#octets.length)
  }
}
