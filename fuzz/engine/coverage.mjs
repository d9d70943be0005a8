/** The number of counters of a file: statements, functions and branches. */
function sizeOf({ s, f, b }) {
  const branches = Object.values(b).reduce((sum, counts) => sum + counts.length, 0)
  return Object.keys(s).length + Object.keys(f).length + branches
}

/** How often something ran, in classes as AFL has them: 1, 2, 3, 4-7, 8-15, 16-31, 32-127 and more. */
const CLASSES = Uint8Array.from({ length: 256 }, (_, count) => {
  if (count === 0) return 0
  if (count <= 3) return 1 << (count - 1)
  if (count < 8) return 8
  if (count < 16) return 16
  if (count < 32) return 32
  return count < 128 ? 64 : 128
})

/**
 * What of the instrumented code has run. istanbul counts in objects, by file. They are replaced by parts of one array,
 * which is much faster to clear and to look through after each input.
 */
export class Coverage {
  #counts
  /** The classes of counts that were seen, as bits. */
  #seen
  #reached = 0

  /** @param {Record<string, object>} files the `__coverage__` of the bundle, once it is loaded */
  constructor(files) {
    const all = Object.values(files)
    this.#counts = new Uint32Array(all.reduce((sum, file) => sum + sizeOf(file), 0))
    this.#seen = new Uint8Array(this.#counts.length)
    let at = 0
    const part = (length) => {
      at += length
      return this.#counts.subarray(at - length, at)
    }
    for (const file of all) {
      file.s = part(Object.keys(file.s).length)
      file.f = part(Object.keys(file.f).length)
      for (const branch of Object.keys(file.b)) file.b[branch] = part(file.b[branch].length)
    }
  }

  /** How many statements, functions and branches there are. */
  get size() {
    return this.#counts.length
  }

  /** How many of them have run. */
  get reached() {
    return this.#reached
  }

  /** Forgets the counts of the last input, not what was seen. */
  clear() {
    this.#counts.fill(0)
  }

  /** Forgets all that was seen. */
  reset() {
    this.#seen.fill(0)
    this.#reached = 0
  }

  /** Whether the last input reached anything new, or ran it in another class of times. */
  isNew() {
    const counts = this.#counts
    const seen = this.#seen
    let isNew = false
    for (let index = 0; index < counts.length; index++) {
      const count = counts[index]
      if (count === 0) continue
      const bit = CLASSES[Math.min(count, 255)]
      const before = seen[index]
      if ((before & bit) !== 0) continue
      if (before === 0) this.#reached++
      seen[index] = before | bit
      isNew = true
    }
    return isNew
  }
}
