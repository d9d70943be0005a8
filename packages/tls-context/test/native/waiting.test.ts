import { describe, expect, test } from 'vitest'
import {
  clearEvent,
  closeDescriptor,
  createEventDescriptor,
  EPOLL_EDGE_TRIGGERED,
  EpollSet,
  POLL_HANG_UP,
  POLL_IN,
  POLL_INVALID,
  POLL_OUT,
  POLL_PEER_CLOSED,
  PollSet,
  readSocket,
  shutdownSocket,
  signalEvent,
  sleep,
  waitForDescriptor,
  writeSocket,
} from '../../src/native'
import { closeLater, connectedPair, expectNoDescriptorLeft } from './support/descriptors'
import { faultOf } from './support/fault-of'
import { inThread } from './support/in-thread'

const FOR_EVER = -1
const ONE = Buffer.from('.')

expectNoDescriptorLeft()

/** What poll(2) and epoll(7) have in common, as both servers' loops use it. */
interface Waiting {
  add(descriptor: number, events: number): void
  /** Descriptors and what is reported for them. */
  wait(timeout: number): [descriptor: number, reported: number][]
  close(): void
}

function byPoll(): Waiting {
  const set = new PollSet(8)
  return {
    add: (descriptor, events) => {
      set.set(set.length, descriptor, events)
      set.length += 1
    },
    wait: (timeout) => {
      const count = set.wait(timeout)
      const all = Array.from({ length: set.length }, (_, index): [number, number] => [
        set.descriptor(index),
        set.reported(index),
      ])
      const reported = all.filter(([, events]) => events !== 0)
      expect(reported).toHaveLength(count)
      return reported
    },
    close: () => {},
  }
}

function byEpoll(): Waiting {
  const set = new EpollSet(8)
  return {
    add: (descriptor, events) => set.add(descriptor, events),
    wait: (timeout) =>
      Array.from({ length: set.wait(timeout) }, (_, index) => [
        set.descriptor(index),
        set.reported(index),
      ]),
    close: () => set.close(),
  }
}

describe.each([
  ['PollSet', byPoll],
  ['EpollSet', byEpoll],
])('%s', (_, make) => {
  function withSet(body: (set: Waiting) => void): void {
    const set = make()
    try {
      body(set)
    } finally {
      set.close()
    }
  }

  test('reports what can be read and written, of those that can', () => {
    withSet((set) => {
      const [client, server] = connectedPair()
      set.add(client, POLL_IN)
      set.add(server, POLL_IN | POLL_OUT)
      expect(set.wait(FOR_EVER)).toEqual([[server, POLL_OUT]])
      writeSocket(client, ONE)
      writeSocket(server, ONE)
      waitForDescriptor(server, POLL_IN, FOR_EVER)
      waitForDescriptor(client, POLL_IN, FOR_EVER)
      const reported = new Map(set.wait(FOR_EVER))
      expect(reported).toEqual(
        new Map([
          [client, POLL_IN],
          [server, POLL_IN | POLL_OUT],
        ]),
      )
    })
  })

  test('reports nothing when the time is over', () => {
    withSet((set) => {
      const [client] = connectedPair()
      set.add(client, POLL_IN)
      expect(set.wait(0)).toEqual([])
      expect(set.wait(0.1)).toEqual([])
    })
  })

  test('reports a peer that has ended its direction, and both', () => {
    withSet((set) => {
      const [client, server] = connectedPair()
      set.add(server, POLL_PEER_CLOSED)
      shutdownSocket(client, 'write')
      expect(set.wait(FOR_EVER)).toEqual([[server, POLL_PEER_CLOSED]])
      shutdownSocket(server, 'write')
      expect(set.wait(FOR_EVER)).toEqual([[server, POLL_PEER_CLOSED | POLL_HANG_UP]])
    })
  })

  test('is woken from another thread by an event descriptor', async () => {
    const set = make()
    const event = createEventDescriptor()
    set.add(event, POLL_IN)
    expect(set.wait(0)).toEqual([])
    const { result } = inThread('native.signalEvent(data)', event)
    expect(set.wait(FOR_EVER)).toEqual([[event, POLL_IN]])
    expect(clearEvent(event)).toBe(true)
    expect(clearEvent(event)).toBe(false)
    expect(set.wait(0)).toEqual([])
    await result
    closeDescriptor(event)
    set.close()
  })
})

describe('PollSet', () => {
  test('reports a descriptor that is not open', () => {
    const set = new PollSet(1)
    set.set(0, 0x7fff, POLL_IN)
    set.length = 1
    expect(set.wait(FOR_EVER)).toBe(1)
    expect(set.reported(0)).toBe(POLL_INVALID)
    expect(set.events(0)).toBe(POLL_IN)
  })

  test('forgets what was reported when an entry is written again', () => {
    const [, server] = connectedPair()
    const set = new PollSet(1)
    set.set(0, server, POLL_OUT)
    set.length = 1
    set.wait(FOR_EVER)
    set.set(0, server, POLL_IN)
    expect(set.reported(0)).toBe(0)
  })
})

describe('EpollSet', () => {
  test('changes and removes what it waits for', () => {
    const [client, server] = connectedPair()
    const set = new EpollSet(4)
    set.add(server, POLL_IN)
    expect(set.wait(0)).toBe(0)
    set.modify(server, POLL_OUT)
    expect(set.wait(0)).toBe(1)
    set.remove(server)
    expect(set.wait(0)).toBe(0)
    expect(faultOf(() => set.remove(server))).toMatchObject({
      code: 'ENOENT',
      syscall: 'epoll_ctl',
    })
    set.add(client, POLL_OUT)
    expect(faultOf(() => set.add(client, POLL_OUT))).toMatchObject({ code: 'EEXIST' })
    set.close()
    set.close()
  })

  test('reports an edge once', () => {
    const [client, server] = connectedPair()
    const set = new EpollSet(4)
    set.add(server, POLL_IN | EPOLL_EDGE_TRIGGERED)
    writeSocket(client, ONE)
    expect(set.wait(FOR_EVER)).toBe(1)
    expect(set.wait(0)).toBe(0)
    writeSocket(client, ONE)
    expect(set.wait(FOR_EVER)).toBe(1)
    set.close()
  })

  test('reports no more at once than it has room for, and the others with the next wait', () => {
    const set = new EpollSet(2)
    const waiting = [connectedPair(), connectedPair(), connectedPair()].map(([, server]) => server)
    for (const descriptor of waiting) set.add(descriptor, POLL_OUT | EPOLL_EDGE_TRIGGERED)
    const reported: number[] = []
    for (let count = set.wait(0); count > 0; count = set.wait(0)) {
      expect(count).toBeLessThanOrEqual(2)
      for (let index = 0; index < count; index += 1) reported.push(set.descriptor(index))
    }
    expect(reported.sort()).toEqual(waiting.sort())
    set.close()
  })
})

test('waitForDescriptor reports what came, and 0 when the time is over', () => {
  const [client, server] = connectedPair()
  expect(waitForDescriptor(server, POLL_IN, 0)).toBe(0)
  expect(waitForDescriptor(server, POLL_IN, 5)).toBe(0)
  writeSocket(client, ONE)
  expect(waitForDescriptor(server, POLL_IN, Number.POSITIVE_INFINITY)).toBe(POLL_IN)
  expect(readSocket(server, Buffer.alloc(4))).toBe(1)
})

test('an event descriptor that is signalled many times stays readable, and is cleared at once', () => {
  const event = closeLater(createEventDescriptor())
  for (let times = 0; times < 3; times += 1) signalEvent(event)
  expect(clearEvent(event)).toBe(true)
  expect(clearEvent(event)).toBe(false)
})

describe('sleep', () => {
  test('keeps the thread for as long at least, and refuses what is no time', () => {
    const before = performance.now()
    sleep(2000)
    expect(performance.now() - before).toBeGreaterThanOrEqual(1.9)
    for (const time of [-1, 1_000_000, Number.NaN]) expect(() => sleep(time)).toThrow(RangeError)
  })
})
