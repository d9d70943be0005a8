import { randomBytes } from 'node:crypto'
import type { Octets } from './frames'

/*
 * A TLS 1.2 ClientHello by hand, RFC 5246 section 7.4.1.2, which every server that speaks HTTP/2 understands: it ends
 * with ServerHelloDone, so what follows is a matter of plain text.
 */

const HANDSHAKE = 22
const CLIENT_HELLO = 1

/** ECDHE with AES-128-GCM, for certificates of either kind. */
const CIPHER_SUITES = [0xc0, 0x2b, 0xc0, 0x2f]

export function clientHello(): Octets {
  const extensions = vector(2, [
    // The groups x25519 and secp256r1, uncompressed points, and the usual signatures.
    ...extension(10, vector(2, [0x00, 0x1d, 0x00, 0x17])),
    ...extension(11, vector(1, [0])),
    ...extension(13, vector(2, [0x04, 0x03, 0x08, 0x04, 0x04, 0x01])),
    // ALPN: h2.
    ...extension(16, vector(2, vector(1, [0x68, 0x32]))),
  ])
  const body = [
    0x03,
    0x03,
    ...randomBytes(32),
    ...vector(1, []),
    ...vector(2, CIPHER_SUITES),
    ...vector(1, [0]),
    ...extensions,
  ]
  return tlsRecord(HANDSHAKE, Uint8Array.from([CLIENT_HELLO, ...vector(3, body)]))
}

/** A Certificate message that nobody asked for, with a chain of so many octets that mean nothing. */
export function clientCertificate(octets: number): Octets {
  const certificate = vector(3, new Array<number>(octets).fill(0x30))
  const message = Uint8Array.from([11, ...vector(3, vector(3, certificate))])
  const records: Octets[] = []
  for (let offset = 0; offset < message.length; offset += 16_384) {
    records.push(tlsRecord(HANDSHAKE, message.subarray(offset, offset + 16_384)))
  }
  return Buffer.concat(records)
}

/** A record that is not encrypted. Its length may be more than TLS allows. */
export function tlsRecord(type: number, octets: Octets, length = octets.length): Octets {
  return Buffer.concat([Uint8Array.of(type, 3, 3, length >>> 8, length), octets])
}

function extension(type: number, octets: readonly number[]): number[] {
  return [type >>> 8, type & 0xff, ...vector(2, octets)]
}

/** Octets behind their number, which takes so many octets itself. */
function vector(width: number, octets: readonly number[]): number[] {
  const length = Array.from(
    { length: width },
    (_, index) => (octets.length >>> (8 * (width - 1 - index))) & 0xff,
  )
  return [...length, ...octets]
}
