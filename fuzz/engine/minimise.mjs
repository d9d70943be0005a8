/** How long it may take, in milliseconds. */
const LONGEST = 5000

/**
 * Removes parts of an input as long as something holds, and then sets octets to 0.
 *
 * @param {Buffer} octets for which it holds
 * @param {(octets: Buffer) => Promise<boolean>} holds
 * @returns {Promise<Buffer>}
 */
export async function minimised(octets, holds) {
  const end = performance.now() + LONGEST
  let least = octets
  for (let length = octets.length >> 1; length >= 1; length >>= 1) {
    for (let at = 0; at < least.length; ) {
      if (performance.now() > end) return least
      const fewer = Buffer.concat([least.subarray(0, at), least.subarray(at + length)])
      if (await holds(fewer)) least = fewer
      else at += length
    }
  }
  for (let at = 0; at < least.length; at++) {
    if (performance.now() > end) return least
    if (least[at] === 0) continue
    const plain = Buffer.from(least)
    plain[at] = 0
    if (await holds(plain)) least = plain
  }
  return least
}
