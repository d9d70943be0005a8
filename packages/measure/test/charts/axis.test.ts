import { expect, test } from 'vitest'
import { axisRange } from '../../src/charts/axis'

test('values within an order of magnitude get a linear axis from zero', () => {
  expect(axisRange([120, 480])).toEqual({
    type: 'value',
    min: 0,
    max: 500,
    ticks: [0, 100, 200, 300, 400, 500],
  })
})

test('values that span more get a logarithmic axis between round numbers', () => {
  expect(axisRange([3, 70])).toEqual({
    type: 'log',
    min: 2,
    max: 100,
    ticks: [2, 5, 10, 20, 50, 100],
  })
})

test('a logarithmic axis over many magnitudes is labelled at powers of ten', () => {
  expect(axisRange([0.3, 700_000]).ticks).toEqual([1, 10, 100, 1000, 10_000, 100_000, 1_000_000])
})

test('fractions have no noise', () => {
  expect(axisRange([0.1, 0.6]).ticks).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
})

test('nothing but zeros still has an axis', () => {
  expect(axisRange([0, 0])).toMatchObject({ type: 'value', min: 0, max: 1 })
})
