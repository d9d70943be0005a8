import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LastingThread } from '../../src/server/thread'

/** A thread that a test lets start, fail and end. */
class Thread {
  hasServed = false
  isTerminated = false
  starts!: () => void
  fails!: (error: Error) => void
  end!: () => void
  readonly ready = new Promise<void>((resolve, reject) => {
    this.starts = resolve
    this.fails = reject
  })
  readonly ended = new Promise<void>((resolve) => {
    this.end = resolve
  })

  terminate(): void {
    this.isTerminated = true
    this.end()
  }
}

describe('a lasting thread', () => {
  const threads: Thread[] = []
  const failures: Error[] = []
  let isEnding = false

  function begin(): LastingThread {
    return new LastingThread({
      start: () => {
        const thread = new Thread()
        threads.push(thread)
        return thread
      },
      isEnding: () => isEnding,
      onFailure: (error) => failures.push(error),
    })
  }

  beforeEach(() => {
    vi.useFakeTimers()
    threads.length = 0
    failures.length = 0
    isEnding = false
  })
  afterEach(() => void vi.useRealTimers())

  async function die(hasServed: boolean): Promise<void> {
    const thread = threads.at(-1)!
    thread.hasServed = hasServed
    thread.starts()
    await thread.ready
    thread.end()
    await vi.advanceTimersByTimeAsync(1000)
  }

  test('is replaced as often as it dies after it has served', async () => {
    const lasting = begin()
    for (let count = 0; count < 20; count++) await die(true)
    expect(threads).toHaveLength(21)
    expect(lasting.failure).toBeUndefined()
  })

  test('is given up when it dies five times in a row without a client', async () => {
    const lasting = begin()
    for (let count = 0; count < 5; count++) await die(false)
    await lasting.ended
    expect(threads).toHaveLength(5)
    expect(lasting.failure?.code).toBe('SERVER_FAILED')
  })

  test('tells of a replacement that can not start, and tries again', async () => {
    begin()
    await die(true)
    const error = new Error('no more threads')
    threads[1]!.fails(error)
    threads[1]!.end()
    await vi.advanceTimersByTimeAsync(1000)
    expect(failures).toEqual([error])
    expect(threads).toHaveLength(3)
  })

  test('fails to start like its first thread', async () => {
    const lasting = begin()
    threads[0]!.fails(new Error('no application'))
    threads[0]!.end()
    await expect(lasting.ready).rejects.toThrow('no application')
    await lasting.ended
    expect(threads).toHaveLength(1)
  })

  test('is not replaced when the server ends, not even in a pause', async () => {
    const lasting = begin()
    const thread = threads[0]!
    thread.starts()
    await lasting.ready
    thread.end()
    await vi.advanceTimersByTimeAsync(10)
    isEnding = true
    lasting.terminate()
    await lasting.ended
    expect(thread.isTerminated).toBe(true)
    expect(threads).toHaveLength(1)
  })
})
