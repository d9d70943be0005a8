import { type Address, toAddress } from './bind'
import { loadKoffi } from './koffi'

/** How many octets an address has in memory. */
export const ADDRESS_OCTETS = 8

/** The address of octets. They must have memory of their own, which isn't moved, and be kept. */
export function addressOf(octets: Uint8Array): Address {
  return toAddress(loadKoffi('any').address(octets))
}

/** Reads an address that C has written to the beginning of `octets`. */
export function readAddress(octets: Buffer): Address {
  return octets.readUInt32LE(0) + octets.readUInt32LE(4) * 2 ** 32
}

/** Writes an address where C reads one. */
export function writeAddress(octets: Buffer, address: Address, offset: number): void {
  octets.writeUInt32LE(address % 2 ** 32, offset)
  octets.writeUInt32LE(Math.floor(address / 2 ** 32), offset + 4)
}
