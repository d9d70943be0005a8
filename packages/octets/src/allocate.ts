import type { OctetVector } from './octet-vector'

/** From this many octets, filling memory with zeros costs more than avoiding it. */
const WORTH_AVOIDING = 4096

/**
 * Allocates a vector with undefined content. The caller must overwrite all of it before anyone
 * reads it. With Node's Buffer, the memory isn't zero-filled first. Benchmark: `npm run bench`
 * (octets).
 */
export function allocateOctets(length: number): OctetVector {
  if (length < WORTH_AVOIDING || allocUnsafeSlow === undefined) return new Uint8Array(length)
  return new Uint8Array(allocUnsafeSlow(length).buffer)
}

// allocUnsafeSlow allocates its own memory; allocUnsafe uses a shared pool.
const allocUnsafeSlow = (
  globalThis as { Buffer?: { allocUnsafeSlow?: (length: number) => { buffer: ArrayBuffer } } }
).Buffer?.allocUnsafeSlow
