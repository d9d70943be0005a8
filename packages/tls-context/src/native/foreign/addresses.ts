import { type Address, toAddress } from './bind'
import { loadKoffi } from './koffi'

/** The size of an address in memory. */
export const ADDRESS_OCTETS = 8

/**
 * The address of octets. They must have their own memory, which doesn't move, and must stay
 * reachable.
 */
export function addressOf(octets: Uint8Array): Address {
  return toAddress(loadKoffi('any').address(octets))
}

/** Reads an address that C has written to the start of `octets`. */
export function readAddress(octets: Buffer): Address {
  return octets.readUInt32LE(0) + octets.readUInt32LE(4) * 2 ** 32
}

/** Writes an address for C to read. */
export function writeAddress(octets: Buffer, address: Address, offset: number): void {
  octets.writeUInt32LE(address % 2 ** 32, offset)
  octets.writeUInt32LE(Math.floor(address / 2 ** 32), offset + 4)
}
