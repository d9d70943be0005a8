import { describe, expect, test } from 'vitest'
import type { NeighbourReport } from '../processes/messages'
import { brokenPromises, type Measurements, MIB } from '../trial/promises'

const neighbour: NeighbourReport = {
  seconds: 2,
  requests: 20_000,
  failed: 0,
  lost: 0,
  probes: 200,
  p50: 1,
  p99: 5,
}

const process = {
  memoryBefore: 100 * MIB,
  memoryPeak: 110 * MIB,
  memoryAfter: 105 * MIB,
  descriptorsBefore: 5,
  descriptorsAfter: 5,
}

const kept: Measurements = {
  attacker: { seconds: 2, octets: 1, opened: 1, cutOff: 0, refused: 0 },
  neighbour: {
    beside: neighbour,
    control: {
      neighbour,
      clients: { seconds: 2, octets: 1, answered: 1, failed: 0, lost: 0 },
    },
  },
  othersShare: 0.1,
  process,
  alive: true,
  served: true,
  lastWords: '',
}

const BUDGET = 512 * MIB

function broken(changed: Partial<Measurements>, connections = 1): string[] {
  const all = brokenPromises({ ...kept, ...changed }, connections, BUDGET)
  return all.map(({ promise, figure }) => `${promise}: ${figure}`)
}

const beside = (changed: Partial<NeighbourReport>) => ({
  neighbour: { ...kept.neighbour!, beside: { ...neighbour, ...changed } },
})

describe('a server keeps its promises', () => {
  test('if its neighbour keeps half of its requests, and its memory stays small', () => {
    expect(broken(beside({ requests: 10_000, p99: 50 }))).toEqual([])
  })

  test('to an extent that is known, if nothing is known of its process', () => {
    expect(broken({ process: undefined, neighbour: undefined })).toEqual([])
  })

  test('if many connections take what each may', () => {
    expect(broken({ process: { ...process, memoryPeak: 250 * MIB } }, 10)).toEqual([])
  })
})

describe('a server breaks a promise', () => {
  test('if its neighbour keeps less than half of what it has beside ordinary clients', () => {
    expect(broken(beside({ requests: 9000 }))).toEqual([
      'neighbour-rate: 4,500/s, beside ordinary clients 10,000/s',
    ])
  })

  test('if its neighbour waits for more than 50 ms', () => {
    expect(broken(beside({ p99: 51 }))).toEqual(['neighbour-latency: p99 51 ms'])
  })

  test('if its neighbour gets no answer at all', () => {
    expect(broken(beside({ probes: 0, p99: 0 }))).toEqual(['neighbour-latency: no answer'])
  })

  test('if it ends the connection of its neighbour', () => {
    expect(broken(beside({ lost: 1 }))).toEqual(['neighbour-connection: lost 1 connections'])
  })

  test('if one connection makes it hold more than 16 MiB', () => {
    expect(broken({ process: { ...process, memoryPeak: 117 * MIB } })).toEqual([
      'memory-growth: +17 MiB',
    ])
  })

  test('if a thousand make it hold more than its budget', () => {
    expect(broken({ process: { ...process, memoryPeak: 613 * MIB } }, 1000)).toEqual([
      'memory-growth: +513 MiB',
    ])
  })

  test('if its memory or its sockets do not return', () => {
    const after = { memoryAfter: 127 * MIB, descriptorsAfter: 8 }
    expect(broken({ process: { ...process, ...after } })).toEqual([
      'memory-return: keeps +27 MiB',
      'descriptors: keeps 3 sockets',
    ])
  })

  test('if it has ended, or serves no new clients', () => {
    expect(broken({ alive: false, served: false })).toEqual([
      'alive: the process has ended',
      'served: new clients are not served',
    ])
  })
})
