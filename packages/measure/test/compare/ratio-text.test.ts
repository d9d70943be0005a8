import { expect, test } from 'vitest'
import { figureText, percentText, ratioText } from '../../src/compare/ratio-text'

const estimateOf = (value: number, low: number, high: number) => ({
  value,
  low,
  high,
  repetitions: 5,
})

test.each([
  [1.0523, 1.0111, 1.0945, '+5.2 % (+1.1 to +9.5 %)'],
  [0.997, 0.95, 1.046, '-0.30 % (-5.0 to +4.6 %)'],
  [1.3, 1.1, 1.5, '+30 % (+10 to +50 %)'],
  [1, 0, Number.POSITIVE_INFINITY, '0 % (-100 to any %)'],
  [3.14, 2.81, 3.49, '3.1x (2.8 to 3.5)'],
  [0.041, 0.038, 0.045, '0.041x (0.038 to 0.045)'],
])('a ratio of %f, %f to %f is shown as two digits that count', (value, low, high, text) => {
  expect(ratioText(estimateOf(value, low, high))).toBe(text)
})

test('a figure is shown in one unit, with its interval', () => {
  expect(figureText('serverCpuPerRequest', estimateOf(2.14, 1.98, 2.3))).toBe('2.1 us (2.0 to 2.3)')
  expect(figureText('serverCpuPerRequest', estimateOf(1234, 987, 1500))).toBe(
    '1.2 ms (0.99 to 1.5)',
  )
  expect(figureText('requestsPerSecond', estimateOf(123_456, 99_876, 151_111))).toBe(
    '120,000 (100,000 to 150,000)',
  )
})

test('a part is shown as per cent', () => {
  expect([0.05, 0.001, 0.025, 2].map(percentText)).toEqual(['5 %', '0.1 %', '2.5 %', '200 %'])
})
