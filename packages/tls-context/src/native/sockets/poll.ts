import { SystemCallError } from '../errors'
import { libc } from '../foreign/libc'
import { EINTR, lastErrno } from './system-call'

/** Events of {@link PollSet}, poll(2). epoll(7) uses the same numbers. */
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

/** The size of `struct pollfd`: the descriptor (4), the events (2) and the reported events (2). */
const ENTRY_OCTETS = 8

/**
 * A set of descriptors for poll(2). Its entries are stored in the system's format, so a wait
 * converts nothing. Benchmark: `native.bench.mjs`.
 *
 * Entries have indexes from 0. The caller keeps them dense: to remove one, it moves the last entry
 * into its place and decrements `length`.
 */
export class PollSet {
  /** The number of entries in use, up to the capacity. */
  length = 0
  /** Every second element is an entry's descriptor. */
  readonly #descriptors: Int32Array
  /**
   * A view of the same memory. Of an entry's four elements, the third has the events and the fourth
   * the reported events.
   */
  readonly #events: Int16Array

  /** @param capacity the maximum number of entries */
  constructor(capacity: number) {
    const memory = new ArrayBuffer(capacity * ENTRY_OCTETS)
    this.#descriptors = new Int32Array(memory)
    this.#events = new Int16Array(memory)
  }

  /**
   * Writes an entry.
   *
   * @param index below the capacity; doesn't change `length`
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

  /** The events for which an entry waits. */
  events(index: number): number {
    return this.#events[index * 4 + 2] as number
  }

  /**
   * The events that the last wait reported for an entry: a sum of `POLL_` constants, 0 for none.
   */
  reported(index: number): number {
    return this.#events[index * 4 + 3] as number
  }

  /**
   * Waits for events.
   *
   * @param timeout milliseconds, rounded up; 0 to return immediately, negative for no limit
   * @returns the number of entries with events; 0 after the timeout, or earlier because of a signal
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
 * @param timeout milliseconds; 0 to return immediately, negative for no limit
 * @returns the reported events, a sum of `POLL_` constants; 0 after the timeout
 * @throws SystemCallError
 */
export function waitForDescriptor(descriptor: number, events: number, timeout: number): number {
  const set = new PollSet(1)
  set.set(0, descriptor, events)
  set.length = 1
  const deadline = performance.now() + timeout
  let left = timeout
  while (set.wait(left) === 0) {
    // Otherwise a signal interrupted the wait.
    if (timeout >= 0) left = Math.max(0, deadline - performance.now())
    if (left === 0) return 0
  }
  return set.reported(0)
}

/** Returns 0 if a signal interrupted a wait; otherwise throws. @throws SystemCallError */
export function nothingAfterSignal(syscall: string, subject: string): 0 {
  const errno = lastErrno()
  if (errno === EINTR) return 0
  throw new SystemCallError(errno, syscall, subject)
}

/** Rounds up, so that a wait doesn't end before a deadline and then spin. */
export function toMilliseconds(timeout: number): number {
  return timeout < 0 || timeout > MOST_MILLISECONDS ? NO_TIMEOUT : Math.ceil(timeout)
}
