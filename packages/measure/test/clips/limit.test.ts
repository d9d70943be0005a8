import { expect, test } from 'vitest'
import { limitOf } from '../../src/clips/limit'

test.each([
  ['neither was busy all the time', { server: 0.6, generator: 0.7, isOnTime: false }, 'neither'],
  ['the server was', { server: 0.95, generator: 0.7, isOnTime: false }, 'server'],
  ['the generator was', { server: 0.6, generator: 0.95, isOnTime: false }, 'generator'],
  [
    'both were: the server could perhaps do more',
    { server: 1, generator: 1, isOnTime: false },
    'generator',
  ],
  [
    'the generator only waited for due times',
    { server: 0.6, generator: 1, isOnTime: true },
    'neither',
  ],
  [
    'it waited for due times, and the server was busy',
    { server: 1, generator: 1, isOnTime: true },
    'server',
  ],
] as const)('the limit if %s', (_, busyness, limit) => {
  expect(limitOf(busyness)).toBe(limit)
})
