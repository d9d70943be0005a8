import { createHash } from 'node:crypto'

/** What a target promises does not hold. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant'
}

/** @throws BrokenInvariant */
export function check(holds: boolean, promise: string): asserts holds {
  if (!holds) throw new BrokenInvariant(promise)
}

/**
 * Compares two outcomes as text.
 *
 * @throws BrokenInvariant with the first difference
 */
export function checkSame(actual: unknown, expected: unknown, promise: string): void {
  const [one, other] = [textOf(actual), textOf(expected)]
  if (one === other) return
  let at = 0
  while (one[at] === other[at]) at++
  const near = (text: string) => text.slice(Math.max(0, at - 40), at + 80)
  throw new BrokenInvariant(`${promise}: ${near(one)} instead of ${near(other)}`)
}

function textOf(value: unknown): string {
  // The part itself: a Buffer's toJSON was called already.
  return JSON.stringify(value, function (this: Record<string, unknown>, key, shown: unknown) {
    const part = this[key]
    if (part instanceof Uint8Array) return digitsOf(part)
    return typeof part === 'number' && !Number.isFinite(part) ? String(part) : shown
  })
}

/** Hexadecimal digits, of many octets those of their hash. */
export function digitsOf(octets: Uint8Array): string {
  if (octets.length <= 64) return Buffer.from(octets).toString('hex')
  return `${octets.length} octets ${createHash('sha1').update(octets).digest('hex')}`
}
