import { expect, test } from 'vitest'
import { seededRandom, shuffled } from '../../src/statistics/random'

test('the same seed gives the same numbers, another seed others', () => {
  const numbers = (seed: number) => {
    const random = seededRandom(seed)
    return Array.from({ length: 10 }, () => random())
  }
  expect(numbers(1)).toEqual(numbers(1))
  expect(numbers(1)).not.toEqual(numbers(2))
  expect(numbers(1)).not.toEqual(numbers(2 ** 32 + 1))
})

test('the numbers are spread evenly from 0 to below 1', () => {
  const random = seededRandom(7)
  const counts = new Array<number>(10).fill(0)
  for (let draw = 0; draw < 100_000; draw++) {
    const value = random()
    expect(value).toBeGreaterThanOrEqual(0)
    counts[Math.floor(value * 10)]!++
  }
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
})

test('each order of three items is as frequent as the others', () => {
  const random = seededRandom(3)
  const counts = new Map<string, number>()
  for (let draw = 0; draw < 6000; draw++) {
    const order = shuffled(['a', 'b', 'c'], random).join('')
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  expect(counts.size).toBe(6)
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
})
