import { describe, expect, test } from 'vitest'
import type { Estimate } from '../../src'
import { isOverloaded, type Loaded } from '../../src/summary/overload'

function exactly(value: number): Estimate {
  return { value, low: value, high: value, repetitions: 5 }
}

/** A server that was offered 1,000 requests a second in turns of a second, and kept up. */
function loaded(about: Partial<Loaded> = {}): Loaded {
  return {
    offeredRate: 1000,
    requestsDue: 10_000,
    requestsUnsent: 0,
    requestsUnanswered: 0,
    latencyP50: exactly(500),
    latencyUnloaded: null,
    turnSeconds: 1,
    serverCpuPerRequest: exactly(2),
    ...about,
  }
}

describe('a server that was offered requests at a rate', () => {
  test.each([
    ['kept up', {}, false],
    ['left one of a thousand over, due in the last moment', { requestsUnsent: 10 }, false],
    ['left more over', { requestsUnsent: 11 }, true],
    ['answered some not at all', { requestsUnanswered: 11 }, true],
    [
      'left some over and answered others not at all',
      { requestsUnsent: 6, requestsUnanswered: 5 },
      true,
    ],
    ['made half of them wait for a fortieth of a turn', { latencyP50: exactly(25_000) }, false],
    ['made half of them wait for longer', { latencyP50: exactly(25_001) }, true],
    [
      'made half of them wait for a fortieth of a turn, beside what they take anyway',
      { latencyP50: exactly(65_000), latencyUnloaded: 40_000 },
      false,
    ],
    [
      'made half of them wait for longer, beside what they take anyway',
      { latencyP50: exactly(65_001), latencyUnloaded: 40_000 },
      true,
    ],
    ['was never without a queue', { latencyP50: exactly(300_000), latencyUnloaded: 300_000 }, true],
    ['answered none', { latencyP50: null }, false],
    [
      'is far away, so that latency says nothing of a queue',
      { latencyP50: exactly(80_000), serverCpuPerRequest: null },
      false,
    ],
    [
      'is as far away at all rates',
      { latencyP50: exactly(80_000), latencyUnloaded: 79_000, serverCpuPerRequest: null },
      false,
    ],
    [
      'is far away, and made half of them wait for longer than at its best rate',
      { latencyP50: exactly(80_000), latencyUnloaded: 50_000, serverCpuPerRequest: null },
      true,
    ],
    ['was in a closed loop', { offeredRate: null, requestsUnsent: 5000 }, false],
  ] as const)('that %s', (_, about, expected) => {
    expect(isOverloaded(loaded(about))).toBe(expected)
  })
})
