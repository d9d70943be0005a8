import { Worker } from 'node:worker_threads'
import { closeDescriptor, listenOn } from '@h2lab/tls-context/native'
import { expect, test, vi } from 'vitest'
import { ServerControl } from '../src/control/server-control'

/** What the cell of a descriptor holds while another thread shuts it down. */
const LOCKED = -2

function control(slots: number): ServerControl {
  const listener = listenOn({ address: '127.0.0.1', port: 0 })
  return new ServerControl(ServerControl.create(slots, listener))
}

test('a new slot has neither thread nor client', () => {
  const slot = control(1).slots[0]!
  expect(slot.client).toBeUndefined()
  expect(slot.giveToIdleThread(99)).toBe(false)
  expect(slot.reserve()).toBe(true)
})

test('a slot is reserved once', () => {
  const slot = control(1).slots[0]!
  slot.reserve()
  expect(slot.reserve()).toBe(false)
  slot.vacate()
  expect(slot.reserve()).toBe(true)
})

test('a thread that waited in vain has left its slot', () => {
  const slot = control(1).slots[0]!
  slot.reserve()
  slot.becomeIdle()
  expect(slot.awaitClient(1, () => false)).toBe(false)
  expect(slot.giveToIdleThread(99)).toBe(false)
  expect(slot.reserve()).toBe(true)
})

test('a thread does not wait for a client of a server that ends', () => {
  const slot = control(1).slots[0]!
  slot.reserve()
  slot.becomeIdle()
  expect(slot.awaitClient(60_000, () => true)).toBe(false)
})

test('a client that is given to an idle thread is there when it looks', () => {
  const slot = control(1).slots[0]!
  slot.reserve()
  slot.becomeIdle()
  expect(slot.giveToIdleThread(99)).toBe(true)
  expect(slot.giveToIdleThread(100)).toBe(false)
  expect(slot.awaitClient(60_000, () => false)).toBe(true)
  expect(slot.client).toBe(99)
})

test('a client is closed once', () => {
  const slot = control(1).slots[0]!
  const close = vi.fn()
  slot.setClient(99)
  slot.releaseClient(close)
  slot.releaseClient(close)
  expect(close.mock.calls).toEqual([[99]])
})

test('a thread takes its next client before the descriptor of the last one is closed', () => {
  const slot = control(1).slots[0]!
  slot.reserve()
  slot.setClient(99)
  const taken: boolean[] = []
  slot.finishClient((descriptor) => {
    expect(descriptor).toBe(99)
    taken.push(slot.giveToIdleThread(100), slot.giveToIdleThread(101))
  })
  expect(taken).toEqual([true, false])
  expect(slot.awaitClient(60_000, () => false)).toBe(true)
  expect(slot.client).toBe(100)
})

test('a client that another thread is just interrupting is there afterwards', () => {
  const handle = ServerControl.create(1, listenOn({ address: '127.0.0.1', port: 0 }))
  const slot = new ServerControl(handle).slots[0]!
  const cells = new Int32Array(handle.memory)
  slot.setClient(99)
  const cell = cells.indexOf(99)
  cells[cell] = LOCKED
  const unlocks = `
    const { cells, cell } = require('node:worker_threads').workerData
    setTimeout(() => {
      Atomics.store(cells, cell, 99)
      Atomics.notify(cells, cell)
    }, 50)
  `
  new Worker(unlocks, { eval: true, workerData: { cells, cell } })
  expect(slot.client).toBe(99)
})

test('each slot has its own cells', () => {
  const { slots } = control(3)
  slots[1]!.setClient(7)
  expect(slots.map(({ client }) => client)).toEqual([undefined, 7, undefined])
})

test('a server that was killed is not drained any more', () => {
  const listener = listenOn({ address: '127.0.0.1', port: 0 })
  const server = new ServerControl(ServerControl.create(1, listener))
  expect(server.phase).toBe('serving')
  server.kill()
  server.drain()
  expect(server.phase).toBe('killed')
  closeDescriptor(listener)
})
