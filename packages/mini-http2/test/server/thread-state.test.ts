import { expect, test } from 'vitest'
import { ThreadState } from '../../src/server/thread/thread-state'

test('both sides of a thread see its phase', () => {
  const memory = ThreadState.create()
  const parent = new ThreadState(memory)
  const thread = new ThreadState(memory)
  expect(parent.phase).toBe('starting')
  parent.awaitStart(1)
  for (const phase of ['ready', 'leaving', 'gone'] as const) {
    thread.setPhase(phase)
    expect(parent.phase).toBe(phase)
  }
})

test('a thread that keeps account says which call of the application has not returned', () => {
  const memory = ThreadState.create()
  const parent = new ThreadState(memory)
  const thread = new ThreadState(memory)
  expect(parent.applicationCall).toBe(0)
  thread.keepAccount()
  expect(parent.applicationCall).toBeUndefined()
  thread.enterApplication()
  const first = parent.applicationCall
  expect(first).toBeGreaterThan(0)
  thread.leaveApplication()
  expect(parent.applicationCall).toBeUndefined()
  thread.enterApplication()
  expect(parent.applicationCall).not.toBe(first)
})

test('the parent knows how many reports wait', () => {
  const state = new ThreadState(ThreadState.create())
  state.addReport()
  state.addReport()
  state.takeReport()
  expect(state.waitingReports).toBe(1)
})
