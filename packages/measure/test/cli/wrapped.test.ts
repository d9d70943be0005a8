import { expect, test } from 'vitest'
import { wrapped } from '../../src/cli/wrapped'

test.each([
  ['one two three', 8, ['one two', 'three']],
  ['one two three', 7, ['one two', 'three']],
  ['one two three', Number.POSITIVE_INFINITY, ['one two three']],
  ['a results/2026-11-25T09-52-03-sweep', 10, ['a', 'results/2026-11-25T09-52-03-sweep']],
  ['one\ntwo', 80, ['one', 'two']],
])('%j in %d characters', (text, width, lines) => {
  expect(wrapped(text, width)).toEqual(lines)
})
