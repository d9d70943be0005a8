import { expect, test } from 'vitest'
import { Deadlines, type Due } from '../../src/async-custom/loop/deadlines'

interface Item extends Due {
  readonly name: number
}

const item = (name: number): Item => ({
  name,
  dueAt: Number.POSITIVE_INFINITY,
  heapIndex: -1,
})

/** Numbers that look random and are the same each time. */
function* sequence(count: number): Generator<number> {
  for (let value = 1; count > 0; count--) {
    value = (value * 48_271) % 2_147_483_647
    yield value % 1000
  }
}

function takeAll(deadlines: Deadlines<Item>, now: number): number[] {
  const names: number[] = []
  for (let due = deadlines.takeDue(now); due !== undefined; due = deadlines.takeDue(now)) {
    names.push(due.name)
  }
  return names
}

test('items come in the order of their times, whatever the order they were scheduled in', () => {
  const deadlines = new Deadlines<Item>()
  const times = [...sequence(500)]
  for (const time of times) deadlines.schedule(item(time), time)
  expect(deadlines.earliest).toBe(Math.min(...times))
  expect(takeAll(deadlines, 1000)).toEqual(times.toSorted((one, other) => one - other))
  expect(deadlines.earliest).toBe(Number.POSITIVE_INFINITY)
})

test('an item whose time is still to come is not taken', () => {
  const deadlines = new Deadlines<Item>()
  deadlines.schedule(item(1), 10)
  expect(deadlines.takeDue(9)).toBeUndefined()
  expect(deadlines.takeDue(10)?.name).toBe(1)
})

test('an earlier time replaces a later one, and a later one waits for the earlier', () => {
  const deadlines = new Deadlines<Item>()
  const one = item(1)
  deadlines.schedule(item(2), 20)
  deadlines.schedule(one, 30)
  deadlines.schedule(one, 10)
  deadlines.schedule(one, 40)
  expect(deadlines.earliest).toBe(10)
  expect(takeAll(deadlines, 50)).toEqual([1, 2])
})

test('an item without a time is not kept', () => {
  const deadlines = new Deadlines<Item>()
  deadlines.schedule(item(1), Number.POSITIVE_INFINITY)
  expect(takeAll(deadlines, Number.MAX_VALUE)).toEqual([])
})

test('removed items do not come, and the others stay in order', () => {
  const deadlines = new Deadlines<Item>()
  const items = [...sequence(300)].map((time) => {
    const made = item(time)
    deadlines.schedule(made, time)
    return made
  })
  const kept = items.filter((_, index) => index % 3 === 0)
  for (const one of items) if (!kept.includes(one)) deadlines.remove(one)
  const names = kept.map(({ name }) => name).toSorted((one, other) => one - other)
  expect(takeAll(deadlines, 1000)).toEqual(names)
})
