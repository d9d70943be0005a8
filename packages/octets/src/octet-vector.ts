/**
 * A vector of octets, as exchanged between sockets and protocols.
 *
 * It is a plain `Uint8Array`, so it also accepts Node's `Buffer`, and works in browsers.
 */
export type OctetVector = Uint8Array

/**
 * Creates a vector of zeros.
 *
 * @param count the length, a non-negative integer
 * @throws RangeError if `count` isn't one
 */
export function makeOctetVector(count: number): OctetVector {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new RangeError(
      `The length of an octet vector must be a non-negative integer, not ${count}.`,
    )
  }
  return new Uint8Array(count)
}

/** Joins vectors into a new one. */
export function concatenate(...vectors: readonly OctetVector[]): OctetVector {
  const result = new Uint8Array(vectors.reduce((sum, vector) => sum + vector.length, 0))
  let offset = 0
  for (const vector of vectors) {
    result.set(vector, offset)
    offset += vector.length
  }
  return result
}
