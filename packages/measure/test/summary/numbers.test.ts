import { expect, test } from 'vitest'
import { formatMemory, formatNumber, formatTime } from '../../src/summary/numbers'

test.each([
  [0, '0'],
  [0.2712, '0.271'],
  [1, '1.00'],
  [41.26, '41.3'],
  [234_567, '234,567'],
])('the number %d is shown as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text)
})

test.each([
  [0.2712, '0.271 us'],
  [999, '999 us'],
  [8200, '8.20 ms'],
  [1_500_000, '1.50 s'],
])('%d microseconds are shown as %s', (microseconds, text) => {
  expect(formatTime(microseconds)).toBe(text)
})

test('octets are shown in MiB', () => {
  expect(formatMemory(64 * 2 ** 20)).toBe('64.0 MiB')
})
