import { expect, test } from 'vitest'
import type { FieldList } from '../../src'
import { joinCookies } from '../../src/message/cookies'

test('crumbs become one field, where the first of them was', () => {
  const fields: FieldList = [
    ['accept', '*/*'],
    ['cookie', 'a=1'],
    ['te', 'trailers'],
    ['cookie', 'b=2; c=3'],
  ]
  expect(joinCookies(fields)).toEqual([
    ['accept', '*/*'],
    ['cookie', 'a=1; b=2; c=3'],
    ['te', 'trailers'],
  ])
})

test.each([0, 1, 2])('the whole is sensitive if crumb %i is', (sensitive) => {
  const fields = ['a=1', 'b=2', 'c=3'].map((crumb, index) =>
    index === sensitive ? (['cookie', crumb, true] as const) : (['cookie', crumb] as const),
  )
  expect(joinCookies(fields)).toEqual([['cookie', 'a=1; b=2; c=3', true]])
})

test('a list with one crumb, or none, stays as it is', () => {
  const none: FieldList = [['accept', '*/*']]
  const one: FieldList = [...none, ['cookie', 'a=1', true]]
  expect(joinCookies(none)).toBe(none)
  expect(joinCookies(one)).toBe(one)
})

test('crumbs that are one and the same field, as from a table, are joined to one', () => {
  const crumb = ['cookie', 'a=1'] as const
  expect(joinCookies([crumb, crumb, crumb])).toEqual([['cookie', 'a=1; a=1; a=1']])
})
