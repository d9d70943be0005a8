import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js'

/** In microseconds; null without answers. */
export interface LatencySummary {
  readonly mean: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p99: number | null
  readonly p999: number | null
  readonly max: number | null
}

/** Encodes a histogram in a common format: HDR V2, compressed, in Base64. */
export function encodeLatencies(histogram: Histogram): string {
  return encodeIntoCompressedBase64(histogram)
}

/** Sums up a tally's latencies. */
export function latencyOf({ latencies }: { readonly latencies: string }): LatencySummary {
  const histogram = decodeFromCompressedBase64(latencies)
  if (histogram.totalCount === 0) {
    return { mean: null, p50: null, p90: null, p99: null, p999: null, max: null }
  }
  return {
    mean: histogram.mean,
    p50: histogram.getValueAtPercentile(50),
    p90: histogram.getValueAtPercentile(90),
    p99: histogram.getValueAtPercentile(99),
    p999: histogram.getValueAtPercentile(99.9),
    max: histogram.maxValue,
  }
}

/** The longest distinct latency, in microseconds: ten minutes. */
export const LONGEST_LATENCY = 600e6

/** Creates a histogram for microseconds with three digits. */
export function newHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_LATENCY,
    numberOfSignificantValueDigits: 3,
  })
}

/** Merges latencies without loss, by adding counts instead of percentiles. */
export function mergeLatencies(all: readonly string[]): string {
  const whole = newHistogram()
  for (const one of all) whole.add(decodeFromCompressedBase64(one))
  return encodeLatencies(whole)
}
