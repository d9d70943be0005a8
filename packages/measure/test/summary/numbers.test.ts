import { expect, test } from 'vitest'
import { estimate } from '../../src/statistics/estimate'
import {
  formatCount,
  formatEstimate,
  formatInterval,
  formatMemory,
  formatNumber,
  formatRatio,
  formatTime,
} from '../../src/summary/numbers'

test.each([
  [0, '0'],
  [0.2712, '0.27'],
  [0.00421, '0.0042'],
  [1, '1.0'],
  [9.96, '10'],
  [41.26, '41'],
  [234_567, '230,000'],
])('the figure %d is shown with two digits, as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text)
})

test('what was counted has all its digits', () => {
  expect(formatCount(234_567)).toBe('234,567')
})

test.each([
  [0.2712, '0.27 us'],
  [980, '980 us'],
  [999, '1.0 ms'],
  [8200, '8.2 ms'],
  [1_500_000, '1.5 s'],
])('%d microseconds are shown as %s', (microseconds, text) => {
  expect(formatTime(microseconds)).toBe(text)
})

test('octets are shown in MiB', () => {
  expect(formatMemory(64 * 2 ** 20)).toBe('64 MiB')
})

test.each([
  [[0.43, 0.43], '0.43 us ±<1%'],
  [[0.42, 0.43, 0.44], '0.43 us ± 6%'],
  [[0.38, 0.43, 0.48], '0.43 us ±34%'],
  [[0.3, 0.6], '0.42 us ±>99%'],
  [[0.43], '0.43 us'],
])('of the repetitions %j the spread is shown: %s', (values, text) => {
  expect(formatEstimate(estimate(values)!, formatTime)).toBe(text)
})

test.each([
  [0.9713, '0.97'],
  [1.0412, '1.04'],
  [1.0004, '1.0004'],
  [0.9996, '0.9996'],
  [1, '1.00'],
  [1.42, '1.42'],
  [2.34, '2.3'],
  [34.2, '34'],
])('the ratio %d is shown as %s', (ratio, text) => {
  expect(formatRatio(ratio)).toBe(text)
})

test.each([
  [0.9713, 1.0412, '0.97 to 1.04'],
  [33.6, 34.4, '33.6 to 34.4'],
  [1.041, 1.044, '1.041 to 1.044'],
])('the interval from %d to %d is shown as %s', (low, high, text) => {
  expect(formatInterval({ low, high })).toBe(text)
})
