/** Returns numbers from 0 up to but not including 1. The same seed gives the same numbers. */
export type Random = () => number

/**
 * Creates a random number generator: sfc32 of PractRand, with 128 bits of state. Sufficient for orders and simulated
 * data, not for secrets.
 */
export function seededRandom(seed: number): Random {
  let a = seed >>> 0
  let b = Math.floor(seed / 2 ** 32) >>> 0
  let c = 0x9e3779b9
  let counter = 1
  const next = () => {
    const result = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + result
    return (result >>> 0) / 2 ** 32
  }
  // The first numbers would reveal the seed.
  for (let round = 0; round < 16; round++) next()
  return next
}

/** Returns the same items in a random order, by Fisher and Yates. */
export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const item = order[last]!
    order[last] = order[other]!
    order[other] = item
  }
  return order
}
