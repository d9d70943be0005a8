import type { OctetVector } from './octet-vector'

/** From this many octets on, filling memory with zeros costs more than avoiding it. */
const WORTH_AVOIDING = 4096

/**
 * Allocates a vector whose content is undefined: the caller writes all of it before anybody reads it.
 * Where there is Node's Buffer, the memory isn't filled with zeros first; `npm run bench`
 * (octets) shows what that spares.
 */
export function allocateOctets(length: number): OctetVector {
  if (length < WORTH_AVOIDING || allocUnsafeSlow === undefined) return new Uint8Array(length)
  return new Uint8Array(allocUnsafeSlow(length).buffer)
}

// "Slow" has memory of its own, where others get a part of a pool that is shared.
const allocUnsafeSlow = (
  globalThis as { Buffer?: { allocUnsafeSlow?: (length: number) => { buffer: ArrayBuffer } } }
).Buffer?.allocUnsafeSlow
