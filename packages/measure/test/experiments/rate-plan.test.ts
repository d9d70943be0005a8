import { expect, test } from 'vitest'
import { isPlanned, type RatePlan, ratesOf } from '../../src/experiments/rate-plan'

const TLS = { clients: 5, tls: true }
const PLAIN = { clients: 5, tls: false }
const server = (implementation: string, scenario = TLS) => ({
  scenario,
  streams: 100,
  implementation,
})
const BY_SATURATION: RatePlan = {
  kind: 'to-saturation',
  saturations: [
    { ...server('node-http2'), requestsPerSecond: 20_000 },
    { ...server('async/mini'), requestsPerSecond: 100_000 },
    { ...server('node-http2', PLAIN), requestsPerSecond: 40_000 },
  ],
}

/** The rates that a server is loaded at. */
function ratesFor(plan: RatePlan, of: ReturnType<typeof server>): number[] {
  return ratesOf(plan).filter((rate) => isPlanned(plan, { ...of, rate }))
}

test('rates that were given are those of all servers', () => {
  const plan: RatePlan = { kind: 'same', rates: [5000, 1000, 5000] }
  expect(ratesOf(plan)).toEqual([1000, 5000])
  expect(ratesFor(plan, server('node-http2'))).toEqual([1000, 5000])
})

test('each server is loaded up to a tenth beyond its saturation', () => {
  expect(ratesFor(BY_SATURATION, server('node-http2'))).toEqual([
    ...[2000, 5000, 10_000, 15_000],
    ...[18_000, 20_000, 22_000],
  ])
  expect(ratesFor(BY_SATURATION, server('async/mini'))).toEqual([
    ...[2000, 5000, 10_000, 20_000, 50_000, 75_000],
    ...[90_000, 100_000, 110_000],
  ])
})

test('what servers do in one scenario does not change the rates of another', () => {
  expect(ratesFor(BY_SATURATION, server('node-http2', PLAIN))).toEqual([
    ...[2000, 5000, 10_000, 20_000, 30_000],
    ...[36_000, 40_000, 44_000],
  ])
})

test('a server that could not be saturated is loaded at the lowest rate, so that its trial tells why', () => {
  expect(ratesFor(BY_SATURATION, server('hono'))).toEqual([2000])
})

test('no server is loaded without a rate', () => {
  expect(isPlanned(BY_SATURATION, server('node-http2'))).toBe(false)
})
