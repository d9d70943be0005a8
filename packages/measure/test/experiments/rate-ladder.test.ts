import { expect, test } from 'vitest'
import { commonRates, easyRates, ratesUpTo } from '../../src/experiments/rate-ladder'

test('common rates are round, from a tenth of the slowest server to the fastest', () => {
  expect(commonRates([31_000, 320_000])).toEqual([
    2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000,
  ])
})

test('a single server has common rates, too', () => {
  expect(commonRates([10_000])).toEqual([1000, 2000, 5000, 10_000])
})

test('a server that hardly answers still has a rate', () => {
  expect(commonRates([3])).toEqual([1, 2])
})

test('a server is loaded at the common rates up to its saturation, then closer and beyond', () => {
  expect(ratesUpTo(31_000, [2000, 5000, 10_000, 20_000, 50_000])).toEqual([
    ...[2000, 5000, 10_000, 20_000],
    ...[23_000, 28_000, 31_000, 34_000],
  ])
})

test('a rate of its own that is close to a common one is left out, the common one stays', () => {
  // 90 % of 22,000 is 19,800.
  expect(ratesUpTo(22_000, [10_000, 20_000])).toEqual([10_000, 17_000, 20_000, 22_000, 24_000])
})

test('a server slower than all common rates has its own', () => {
  expect(ratesUpTo(100, [500])).toEqual([75, 90, 100, 110])
})

test('easy rates leave the slowest server room', () => {
  expect(easyRates([22_000, 300_000])).toEqual([1000, 2000, 5000, 10_000])
  expect(easyRates([15_000])).toEqual([500, 1000, 2000, 5000])
})

test('there is an easy rate for any server', () => {
  expect(easyRates([4])).toEqual([1, 2])
  expect(easyRates([1])).toEqual([1])
})
