import { expect, test } from 'vitest'
import { isSteady } from '../../src/simulator/steadiness'

test.each([
  ['too few slices', [10, 10, 10], false],
  ['four that are alike', [10, 10.5, 10.9, 10.2], true],
  ['four of which one is dearer by more than a tenth', [10, 11.1, 10, 10], false],
  ['a plateau on the way', [40, 22, 21, 21, 11], false],
  ['a cold server that has become warm', [40, 22, 11, 10, 10.5, 10.6], true],
  ['one that has become dearer again', [10, 10, 10, 10, 15], false],
])('%s', (_, costs, steady) => {
  expect(isSteady(costs)).toBe(steady)
})
