import { deflateSync } from 'node:zlib'
import { LONGEST_LATENCY } from '../../src/load/latencies'

export interface EncodedHistogram {
  /** Numbers in ZigZag LEB128. Default: none. */
  readonly counts?: Buffer
  readonly digits?: number
  readonly most?: number
  /** What is told of the counts, in octets. Default: the truth. */
  readonly countsLength?: number
}

/** Encodes what no generator would count: HdrHistogram V2, compressed, in Base64. */
export function encodedHistogram({
  counts = Buffer.alloc(0),
  digits = 3,
  most = LONGEST_LATENCY,
  countsLength = counts.length,
}: EncodedHistogram): string {
  const header = Buffer.alloc(40)
  header.writeUInt32BE(0x1c849313, 0)
  header.writeInt32BE(countsLength, 4)
  header.writeInt32BE(digits, 12)
  header.writeBigInt64BE(1n, 16)
  header.writeBigInt64BE(BigInt(most), 24)
  const compressed = deflateSync(Buffer.concat([header, counts]))
  const before = Buffer.alloc(8)
  before.writeUInt32BE(0x1c849314, 0)
  before.writeUInt32BE(compressed.length, 4)
  return Buffer.concat([before, compressed]).toString('base64')
}
