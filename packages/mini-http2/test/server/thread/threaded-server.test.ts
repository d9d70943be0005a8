import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { allReady, threadedServer } from '../../../src/server/thread'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function serve() {
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const threads = { drain: vi.fn(), kill: vi.fn(), terminate: vi.fn(), close: vi.fn(), ended }
  return { threads, end, server: threadedServer(8443, threads) }
}

describe('a server whose threads serve', () => {
  test('tells them to drain, and leaves them their time', async () => {
    const { threads, server } = serve()
    server.drain()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(threads.drain).toHaveBeenCalledOnce()
    expect(threads.kill).not.toHaveBeenCalled()
    expect(threads.terminate).not.toHaveBeenCalled()
  })

  test('terminates those that do not end half a second after they were told', async () => {
    const { threads, server } = serve()
    server.kill()
    expect(threads.kill).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(499)
    expect(threads.terminate).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(threads.terminate).toHaveBeenCalledOnce()
  })

  test('does not terminate those that end by themselves, and leaves no timer', async () => {
    const { threads, end, server } = serve()
    server.kill()
    end()
    await server.ended
    expect(vi.getTimerCount()).toBe(0)
    expect(threads.terminate).not.toHaveBeenCalled()
  })

  test('gives back what they shared once, before it has ended', async () => {
    const { threads, end, server } = serve()
    const closedBefore = server.ended.then(() => threads.close.mock.calls.length)
    expect(threads.close).not.toHaveBeenCalled()
    end()
    expect(await closedBefore).toBe(1)
  })

  test('tells them nothing when they are gone', async () => {
    const { threads, end, server } = serve()
    end()
    await server.ended
    server.drain()
    server.kill()
    expect(threads.drain).not.toHaveBeenCalled()
    expect(threads.kill).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('threads that start', () => {
  const serving = { ready: Promise.resolve(), ended: Promise.resolve() }

  test('are awaited, and left alone', async () => {
    const kill = vi.fn()
    await allReady([serving, serving], kill)
    expect(kill).not.toHaveBeenCalled()
  })

  test('are told to end if one can not serve, and gone when its reason is thrown', async () => {
    const reason = new Error('no such certificate')
    const ready = Promise.reject(reason)
    ready.catch(() => {})
    let end = () => {}
    const other = {
      ready: Promise.resolve(),
      ended: new Promise<void>((resolve) => {
        end = resolve
      }),
    }
    const kill = vi.fn()
    let outcome: unknown = 'pending'
    const waiting = allReady([other, { ready, ended: Promise.resolve() }], kill).catch((error) => {
      outcome = error
    })
    await vi.advanceTimersByTimeAsync(0)
    expect(kill).toHaveBeenCalledOnce()
    expect(outcome).toBe('pending')
    end()
    await waiting
    expect(outcome).toBe(reason)
  })
})
