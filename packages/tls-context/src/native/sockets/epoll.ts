import { toAddress } from '../foreign/bind'
import { epollWait } from '../foreign/hot-calls'
import { loadKoffi } from '../foreign/koffi'
import { libc } from '../foreign/libc'
import { nothingAfterSignal, toMilliseconds } from './poll'
import { closeDescriptor } from './socket'
import { descriptorName, systemCall } from './system-call'

/** Reports a change once, instead of as long as the condition lasts: EPOLLET, epoll(7). */
export const EPOLL_EDGE_TRIGGERED = 0x8000_0000

const EPOLL_CLOEXEC = 0o2000000
const EPOLL_CTL_ADD = 1
const EPOLL_CTL_DEL = 2
const EPOLL_CTL_MOD = 3

/**
 * `struct epoll_event` in units of 4 octets: the events (1) and the caller's data (2), which begins
 * with the descriptor. The data is aligned to 8 octets, except on x64, where the kernel packs the
 * structure.
 */
const DATA_OFFSET = process.arch === 'x64' ? 1 : 2
const EVENT_UNITS = DATA_OFFSET + 2

/**
 * A set of descriptors for epoll(7): the cost of a wait depends on the number of reported events,
 * not on the number of descriptors.
 *
 * Events are a sum of `POLL_IN`, `POLL_OUT`, `POLL_PEER_CLOSED` and {@link EPOLL_EDGE_TRIGGERED}.
 */
export class EpollSet {
  readonly #descriptor: number
  /** The output of epoll_wait, and its address. */
  readonly #events: Int32Array
  readonly #address: number
  readonly #capacity: number
  /** The input of epoll_ctl. */
  readonly #change = new Int32Array(EVENT_UNITS)
  #closed = false

  /**
   * @param capacity the maximum number of events per wait; the next wait reports the rest
   * @throws SystemCallError
   */
  constructor(capacity: number) {
    this.#descriptor = systemCall('epoll_create1', '', () => libc().epoll_create1(EPOLL_CLOEXEC))
    // A short array's own memory moves; the memory of a buffer doesn't.
    const memory = new ArrayBuffer(capacity * EVENT_UNITS * Int32Array.BYTES_PER_ELEMENT)
    this.#events = new Int32Array(memory)
    this.#address = toAddress(loadKoffi().address(this.#events))
    this.#capacity = capacity
  }

  /** The descriptor of the set itself. */
  get ownDescriptor(): number {
    return this.#descriptor
  }

  /** Adds a descriptor. @throws SystemCallError, EEXIST if it is in the set */
  add(descriptor: number, events: number): void {
    this.#control(EPOLL_CTL_ADD, descriptor, events)
  }

  /** Changes the events of a descriptor. @throws SystemCallError, ENOENT if it isn't in the set */
  modify(descriptor: number, events: number): void {
    this.#control(EPOLL_CTL_MOD, descriptor, events)
  }

  /**
   * Removes a descriptor, as does closing it. @throws SystemCallError, ENOENT if it isn't in the
   * set
   */
  remove(descriptor: number): void {
    this.#control(EPOLL_CTL_DEL, descriptor, 0)
  }

  /**
   * Waits for events.
   *
   * @param timeout milliseconds, rounded up; 0 to return immediately, negative for no limit
   * @returns the number of events, for {@link descriptor} and {@link reported} from index 0; 0
   *   after the timeout, or earlier because of a signal
   * @throws SystemCallError
   */
  wait(timeout: number): number {
    const milliseconds = toMilliseconds(timeout)
    const count = epollWait(this.#descriptor, this.#address, this.#capacity, milliseconds)
    return count >= 0 ? count : nothingAfterSignal('epoll_wait', descriptorName(this.#descriptor))
  }

  /** The descriptor of an event of the last wait. */
  descriptor(index: number): number {
    return this.#events[index * EVENT_UNITS + DATA_OFFSET] as number
  }

  /** The content of an event of the last wait: a sum of `POLL_` constants. */
  reported(index: number): number {
    return this.#events[index * EVENT_UNITS] as number
  }

  /** Closes the set. Its descriptors stay open. @throws SystemCallError */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    closeDescriptor(this.#descriptor)
  }

  #control(operation: number, descriptor: number, events: number): void {
    this.#change[0] = events
    this.#change[DATA_OFFSET] = descriptor
    systemCall('epoll_ctl', descriptorName(descriptor), () =>
      libc().epoll_ctl(this.#descriptor, operation, descriptor, this.#change),
    )
  }
}
