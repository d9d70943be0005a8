import { expect, test } from 'vitest'
import { countFault, faultText } from '../../src/load/faults'

test('a message of a server can not reach the terminal as a command', () => {
  expect(faultText('a\u009b31mb\u0007c\nd')).toBe('a\\u009b31mb\\u0007c\\u000ad')
})

test('a message is as long as a line', () => {
  expect(faultText('x'.repeat(500))).toBe(`${'x'.repeat(197)}...`)
  expect(faultText('x'.repeat(200))).toHaveLength(200)
})

test('twenty kinds are told apart, whatever is made up', () => {
  const faults = new Map<string, number>()
  for (let kind = 0; kind < 100; kind++) countFault(faults, `fault ${kind}`, 2)
  countFault(faults, 'fault 3', 1)
  expect(faults.size).toBe(21)
  expect(faults.get('fault 3')).toBe(3)
  expect(faults.get('other faults')).toBe(160)
})
