/** Values at which code often takes another way. */
const INTERESTING = [0, 1, 2, 4, 9, 16, 31, 32, 63, 64, 100, 127, 128, 191, 192, 254, 255]

/** Numbers in text, by which digits are replaced. */
const NUMBERS = ['0', '-1', '1e999', '9007199254740993', '4294967296', '2147483648', '0.5', '1e-9']

/** The most that is inserted, copied or removed at once, in octets. */
const LONGEST_PART = 64

/** Changes inputs at random. */
export class Mutation {
  #random
  #words
  #longest

  /**
   * @param {import('./random.mjs').Random} random
   * @param {readonly Uint8Array[]} words that are inserted at times, such as names of fields
   * @param {number} longest the longest input, in octets
   */
  constructor(random, words, longest) {
    this.#random = random
    this.#words = words
    this.#longest = longest
  }

  /**
   * Makes another input of one.
   *
   * @param {Buffer} input is not changed
   * @param {Buffer} other from which parts may come
   * @returns {Buffer}
   */
  of(input, other) {
    let changed = Buffer.from(input)
    // Mostly a few changes, at times many.
    for (let times = 1 << this.#random.below(5); times > 0; times--) {
      changed = this.#once(changed, other)
    }
    return changed.subarray(0, this.#longest)
  }

  #once(input, other) {
    const random = this.#random
    const at = random.below(input.length + 1)
    const inside = Math.min(at, input.length - 1)
    const length = 1 + random.below(Math.min(LONGEST_PART, input.length - at + 1))
    if (input.length === 0) return this.#inserted(input, 0, this.#octets())
    switch (random.below(12)) {
      case 0:
        input[inside] ^= 1 << random.below(8)
        return input
      case 1:
        input[inside] = random.below(256)
        return input
      case 2:
        input[inside] = random.of(INTERESTING)
        return input
      case 3:
        input[inside] += random.below(33) - 16
        return input
      case 4:
      case 5:
        return Buffer.concat([input.subarray(0, at), input.subarray(at + length)])
      case 6:
        return this.#inserted(input, at, this.#octets())
      case 7:
        // A part once more.
        return this.#inserted(input, random.below(input.length + 1), part(input, at, length))
      case 8:
        return this.#inserted(input, at, part(other, random.below(other.length + 1), LONGEST_PART))
      case 9:
        return this.#inserted(input, at, this.#word())
      case 10: {
        const word = this.#word()
        word.copy(input, at)
        return input
      }
      default:
        return this.#withNumber(input, other, at)
    }
  }

  #octets() {
    const octets = Buffer.alloc(1 + this.#random.below(8))
    for (let index = 0; index < octets.length; index++) octets[index] = this.#random.below(256)
    return octets
  }

  #word() {
    return this.#words.length === 0 ? this.#octets() : Buffer.from(this.#random.of(this.#words))
  }

  /** Replaces the next digits, or takes the end of another input if there are none. */
  #withNumber(input, other, at) {
    const found = /\d+/.exec(input.latin1Slice(at))
    if (found === null) return Buffer.concat([input.subarray(0, at), other.subarray(at)])
    const start = at + found.index
    return Buffer.concat([
      input.subarray(0, start),
      Buffer.from(this.#random.of(NUMBERS)),
      input.subarray(start + found[0].length),
    ])
  }

  #inserted(input, at, octets) {
    return Buffer.concat([input.subarray(0, at), octets, input.subarray(at)])
  }
}

function part(octets, at, length) {
  return octets.subarray(at, at + length)
}
