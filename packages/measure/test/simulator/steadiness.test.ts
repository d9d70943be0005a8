import { expect, test } from 'vitest'
import { isSteady } from '../../src/simulator/steadiness'

test.each([
  ['too few slices', [10, 10, 10, 10, 10, 10, 10], false],
  ['eight that are alike', [10, 10, 10, 10, 10, 10, 10, 10], true],
  ['eight that are alike on average', [10, 12, 10, 9, 9, 12, 11, 10], true],
  ['four that are cheaper than those before', [11, 11, 11, 11, 10, 10, 10, 10], false],
  ['four that are dearer than those before', [10, 10, 10, 10, 11, 11, 11, 11], false],
  ['a cold server that has become warm', [40, 22, 10, 10, 10, 10, 10.2, 10, 10.1, 10], true],
  ['one that still becomes warm', [40, 30, 22, 14, 12, 11, 10.5, 10], false],
])('%s', (_, costs, steady) => {
  expect(isSteady(costs)).toBe(steady)
})
