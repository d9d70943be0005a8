import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  ReportsLeftOutError,
  reportFailure,
  ServerFailedError,
  ThreadDiedError,
} from '../../src/server/failures'

afterEach(() => void vi.restoreAllMocks())

describe('a thread that died', () => {
  test.each([
    ['process.exit(3) was called', 'A thread of the server ended: process.exit(3) was called.'],
    [new RangeError('too far.'), 'A thread of the server ended: RangeError: too far.'],
    [
      Object.assign(new Error('reached'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }),
      'A thread of the server ended: its JavaScript heap is full.',
    ],
  ])('%s', (why, message) => {
    const error = new ThreadDiedError(why)
    expect(error).toMatchObject({ name: 'ThreadDiedError', code: 'THREAD_DIED', message })
    expect(error.cause).toBe(typeof why === 'string' ? undefined : why)
  })
})

test('a server that failed', () => {
  const cause = new Error('first')
  expect(new ServerFailedError('it could not go on', { cause })).toMatchObject({
    name: 'ServerFailedError',
    code: 'SERVER_FAILED',
    message: 'The server has ended: it could not go on.',
    cause,
  })
})

test('by default failures of the server are printed, and errors of connections are not', () => {
  const print = vi.spyOn(console, 'error').mockReturnValue()
  const failures = [
    new ThreadDiedError('it ended'),
    new ServerFailedError('it ended'),
    new ReportsLeftOutError(12),
  ]
  for (const error of [...failures, new Error('of a connection')]) reportFailure({ error })
  expect(print.mock.calls).toEqual(failures.map(({ message }) => [message]))
  expect(failures[2]).toMatchObject({ code: 'REPORTS_LEFT_OUT', count: 12 })
})
