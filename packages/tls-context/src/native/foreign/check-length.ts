/**
 * Checks a length. A C function would read beyond the array.
 *
 * @param length how many of the first `octets` a call uses
 * @throws RangeError
 */
export function checkLength(octets: Uint8Array, length: number): void {
  if (length >= 0 && length <= octets.length) return
  throw new RangeError(`A length of ${length} is not between 0 and the array's ${octets.length}.`)
}
