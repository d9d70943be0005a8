import { SystemCallError } from '../errors'
import { libc } from '../foreign/libc'
import { EINTR, lastErrno } from './system-call'

/** What {@link PollSet} waits for and reports, poll(2); epoll(7) has the same numbers. */
export const POLL_IN = 0x001
export const POLL_OUT = 0x004
/** Only reported. */
export const POLL_ERROR = 0x008
/** Only reported: both directions have ended. */
export const POLL_HANG_UP = 0x010
/** Only reported, by poll(2): the descriptor isn't open. */
export const POLL_INVALID = 0x020
/** The peer has ended its direction. */
export const POLL_PEER_CLOSED = 0x2000

const NO_TIMEOUT = -1
/** The largest int, 24 days. */
const MOST_MILLISECONDS = 0x7fff_ffff

/** The octets of `struct pollfd`: the descriptor, 4; what is waited for, 2; what was reported, 2. */
const ENTRY_OCTETS = 8

/**
 * Descriptors to wait for with poll(2). Its entries are in memory as the system wants them, so a wait
 * converts nothing; `native.bench.mjs` shows what that spares.
 *
 * Entries have indices from 0 on. The caller keeps them dense: to remove one, it moves the last into its
 * place and makes `length` smaller by one.
 */
export class PollSet {
  /** How many entries count; up to the capacity. */
  length = 0
  /** Every other one is an entry's descriptor. */
  readonly #descriptors: Int32Array
  /** The same memory. Of an entry's four, the third is what it waits for, the fourth what was reported. */
  readonly #events: Int16Array

  /** @param capacity the most entries it will hold */
  constructor(capacity: number) {
    const memory = new ArrayBuffer(capacity * ENTRY_OCTETS)
    this.#descriptors = new Int32Array(memory)
    this.#events = new Int16Array(memory)
  }

  /**
   * Writes an entry.
   *
   * @param index below the capacity; `length` isn't changed
   * @param events a sum of `POLL_IN`, `POLL_OUT`, `POLL_PEER_CLOSED`; errors are always reported
   */
  set(index: number, descriptor: number, events: number): void {
    this.#descriptors[index * 2] = descriptor
    this.#events[index * 4 + 2] = events
    this.#events[index * 4 + 3] = 0
  }

  descriptor(index: number): number {
    return this.#descriptors[index * 2] as number
  }

  /** What an entry waits for. */
  events(index: number): number {
    return this.#events[index * 4 + 2] as number
  }

  /** What the last wait reported for an entry: a sum of `POLL_` constants, 0 for nothing. */
  reported(index: number): number {
    return this.#events[index * 4 + 3] as number
  }

  /**
   * Waits until something is reported.
   *
   * @param timeout milliseconds, rounded up; 0 to look only, negative for no limit
   * @returns how many entries have something reported; 0 when the time is over, or earlier if a signal came
   *   in between
   * @throws SystemCallError
   */
  wait(timeout: number): number {
    const count = libc().poll(this.#descriptors, this.length, toMilliseconds(timeout))
    return count >= 0 ? count : nothingAfterSignal('poll', `${this.length} descriptors`)
  }
}

/**
 * Waits for one descriptor with poll(2).
 *
 * @param events a sum of `POLL_` constants
 * @param timeout milliseconds; 0 to look only, negative for no limit
 * @returns what was reported, a sum of `POLL_` constants; 0 when the time is over
 * @throws SystemCallError
 */
export function waitForDescriptor(descriptor: number, events: number, timeout: number): number {
  const set = new PollSet(1)
  set.set(0, descriptor, events)
  set.length = 1
  const deadline = performance.now() + timeout
  let left = timeout
  while (set.wait(left) === 0) {
    // Or else it was a signal.
    if (timeout >= 0) left = Math.max(0, deadline - performance.now())
    if (left === 0) return 0
  }
  return set.reported(0)
}

/** What a wait that failed means: a signal came, or else it is an error. @throws SystemCallError */
export function nothingAfterSignal(syscall: string, subject: string): 0 {
  const errno = lastErrno()
  if (errno === EINTR) return 0
  throw new SystemCallError(errno, syscall, subject)
}

/** Rounded up, so that a wait doesn't end before a deadline and then spin. */
export function toMilliseconds(timeout: number): number {
  return timeout < 0 || timeout > MOST_MILLISECONDS ? NO_TIMEOUT : Math.ceil(timeout)
}
