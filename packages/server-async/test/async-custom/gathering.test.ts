import { describe, expect, test } from 'vitest'
import { Client } from '../../src/async-custom/client/client'
import { Gathering } from '../../src/async-custom/loop/gathering'

/**
 * Serves `count` clients in turn for 100 ms, `turns` of them in each millisecond, where each wait reports `reported`.
 *
 * @returns how many of the waits of the last 50 ms were waits for more clients
 */
function gathered(count: number, turns: number, reported: number): number {
  const clients = Array.from({ length: count }, (_, index) => new Client(index, '', undefined, 0))
  let sleeps = 0
  const gathering = new Gathering(() => sleeps++)
  let next = 0
  for (let now = 1; now <= 100; now++) {
    if (now === 51) sleeps = 0
    gathering.gather(reported, now)
    for (let turn = 0; turn < turns; turn++) {
      gathering.count(clients[next % count] as Client)
      next += 1
    }
  }
  return sleeps
}

describe('Gathering', () => {
  test('waits for more of many clients', () => {
    expect(gathered(100, 45, 3)).toBe(50)
    expect(gathered(100, 99, 11)).toBe(50)
    expect(gathered(1000, 5, 2)).toBe(50)
  })

  test('does not wait for clients that ask more than once in a millisecond', () => {
    expect(gathered(40, 45, 3)).toBe(0)
    expect(gathered(100, 101, 3)).toBe(0)
  })

  test('does not wait for a few clients: no others come', () => {
    expect(gathered(5, 3, 3)).toBe(0)
    expect(gathered(23, 10, 3)).toBe(0)
    expect(gathered(24, 10, 3)).toBe(50)
  })

  test('does not keep a client waiting that is alone', () => {
    expect(gathered(100, 1, 1)).toBe(0)
  })

  test('does not wait when there is nobody, or enough to do', () => {
    expect(gathered(100, 45, 0)).toBe(0)
    expect(gathered(100, 45, 12)).toBe(0)
  })
})
