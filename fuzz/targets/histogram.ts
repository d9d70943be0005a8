import { deflateSync } from 'node:zlib'
import { decodeFromCompressedBase64 } from '../../packages/measure/node_modules/hdr-histogram-js'
import { histogramFault } from '../../packages/measure/src/load/histogram-octets'
import {
  LONGEST_LATENCY,
  latencyOf,
  mergeLatencies,
} from '../../packages/measure/src/load/latencies'
import { Input } from '../support/input'
import { check } from '../support/invariant'

/*
 * An encoded histogram that comes from another machine:
 *
 *   how to encode it (8), octets: the text itself, or what is deflated
 *
 * A histogram without a fault is decoded, and its latencies are numbers in order. Merged with itself it has the same.
 */

export function fuzz(octets: Uint8Array): void {
  const input = new Input(octets)
  const how = input.octet()
  const rest = input.rest()
  const text = how < 64 ? Buffer.from(rest).toString('latin1') : encoded(rest, how)
  if (histogramFault(text) !== undefined) return
  const latencies = latencyOf({ latencies: text })
  const { mean, p50, p90, p99, p999, max } = latencies
  const ordered = [p50, p90, p99, p999, max]
  if (mean === null) {
    check(
      ordered.every((one) => one === null),
      'without answers there are no latencies',
    )
    return
  }
  for (const latency of [mean, ...ordered]) {
    check(latency !== null && Number.isFinite(latency) && latency >= 0, `numbers: ${latency}`)
    check(latency <= 2 * LONGEST_LATENCY, `no latency is longer than the longest: ${latency}`)
  }
  for (const [index, latency] of ordered.entries()) {
    check(index === 0 || Number(ordered[index - 1]) <= Number(latency), 'percentiles grow')
  }
  // Counts of 32 bits don't overflow in the sum.
  if (decodeFromCompressedBase64(text).totalCount >= 2 ** 31) return
  const merged = latencyOf({ latencies: mergeLatencies([text, text]) })
  check(
    Math.abs(Number(merged.p50) - Number(p50)) <= Number(p50) / 500 + 1,
    'merged: the same median',
  )
}

function encoded(content: Uint8Array, how: number): string {
  const compressed = deflateSync(content, { level: 1 })
  const before = Buffer.alloc(8)
  before.writeUInt32BE(0x1c849314, 0)
  before.writeUInt32BE(compressed.length + (how === 255 ? 1 : 0), 4)
  return Buffer.concat([before, compressed]).toString('base64')
}
