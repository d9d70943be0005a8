import { describe, expect, test } from 'vitest'
import { OwnerCall } from '../../src/http2/owner-call'
import { turn } from '../support/http2-client'

/** Records the notifications of a connection's owner. */
function listening() {
  const listener = {
    times: 0,
    onOutputReady() {
      listener.times++
    },
  }
  return { listener, ownerCall: new OwnerCall(listener) }
}

describe('an owner is told of output', () => {
  test('once for all of a turn, when that is over', async () => {
    const { listener, ownerCall } = listening()
    for (let time = 0; time < 3; time++) ownerCall.announceOutput()
    expect(listener.times).toBe(0)
    await turn()
    expect(listener.times).toBe(1)
    ownerCall.announceOutput()
    await turn()
    expect(listener.times).toBe(2)
  })

  test('but not in a call, after which it takes the output anyway', async () => {
    const { listener, ownerCall } = listening()
    ownerCall.begin()
    expect(ownerCall.isUnderWay).toBe(true)
    ownerCall.announceOutput()
    ownerCall.end()
    await turn()
    expect(listener.times).toBe(0)
  })

  test('unless it does not listen: then nothing waits, since a blocking loop never runs it', () => {
    const queued: (() => void)[] = []
    const { queueMicrotask } = globalThis
    globalThis.queueMicrotask = (task) => void queued.push(task)
    try {
      new OwnerCall({}).announceOutput()
    } finally {
      globalThis.queueMicrotask = queueMicrotask
    }
    expect(queued).toEqual([])
  })

  test('as it listens when it is told', async () => {
    const listener: { onOutputReady?: (() => void) | undefined } = { onOutputReady: () => {} }
    const ownerCall = new OwnerCall(listener)
    ownerCall.announceOutput()
    listener.onOutputReady = undefined
    await turn()
    expect(listener.onOutputReady).toBeUndefined()
  })
})
