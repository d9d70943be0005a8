import type { OctetVector } from './octet-vector'

/**
 * Finds where two vectors differ.
 *
 * @returns the first index at which they differ, which is the shorter one's length
 *   if it is a prefix of the other; -1 if they are equal
 */
export function firstMismatch(a: OctetVector, b: OctetVector): number {
  const common = Math.min(a.length, b.length)
  for (let index = 0; index < common; index++) {
    if (a[index] !== b[index]) return index
  }
  return a.length === b.length ? -1 : common
}

/** Returns whether two vectors have the same content. */
export function octetsEqual(a: OctetVector, b: OctetVector): boolean {
  return a.length === b.length && firstMismatch(a, b) === -1
}

/**
 * Compares two vectors lexicographically: by the first octet that differs, a prefix first.
 *
 * @returns -1 if `a` comes before `b`, 1 if after, 0 if they are equal
 */
export function compareOctets(a: OctetVector, b: OctetVector): -1 | 0 | 1 {
  const index = firstMismatch(a, b)
  if (index === -1) return 0
  // -1 stands for the end of a vector and sorts before every octet.
  return (a[index] ?? -1) < (b[index] ?? -1) ? -1 : 1
}
