import { toAddress } from '../foreign/bind'
import { epollWait } from '../foreign/hot-calls'
import { loadKoffi } from '../foreign/koffi'
import { libc } from '../foreign/libc'
import { nothingAfterSignal, toMilliseconds } from './poll'
import { closeDescriptor } from './socket'
import { descriptorName, systemCall } from './system-call'

/** Reports a change once, and not as long as it holds: EPOLLET, epoll(7). */
export const EPOLL_EDGE_TRIGGERED = 0x8000_0000

const EPOLL_CLOEXEC = 0o2000000
const EPOLL_CTL_ADD = 1
const EPOLL_CTL_DEL = 2
const EPOLL_CTL_MOD = 3

/**
 * `struct epoll_event` in units of 4 octets: the events, 1, and the caller's data, 2, of which the first is
 * the descriptor here. The data are aligned on 8 octets, except on x64, where the kernel packs it.
 */
const DATA_OFFSET = process.arch === 'x64' ? 1 : 2
const EVENT_UNITS = DATA_OFFSET + 2

/**
 * Descriptors to wait for with epoll(7): a wait costs by what it reports, and not by how many there are.
 *
 * Events are a sum of `POLL_IN`, `POLL_OUT`, `POLL_PEER_CLOSED` and {@link EPOLL_EDGE_TRIGGERED}.
 */
export class EpollSet {
  readonly #descriptor: number
  /** What epoll_wait writes, and where it is. */
  readonly #events: Int32Array
  readonly #address: number
  readonly #capacity: number
  /** What epoll_ctl reads. */
  readonly #change = new Int32Array(EVENT_UNITS)
  #closed = false

  /**
   * @param capacity how many events one wait reports at most; others come with the next
   * @throws SystemCallError
   */
  constructor(capacity: number) {
    this.#descriptor = systemCall('epoll_create1', '', () => libc().epoll_create1(EPOLL_CLOEXEC))
    // A short array's own memory moves; a buffer's doesn't.
    const memory = new ArrayBuffer(capacity * EVENT_UNITS * Int32Array.BYTES_PER_ELEMENT)
    this.#events = new Int32Array(memory)
    this.#address = toAddress(loadKoffi().address(this.#events))
    this.#capacity = capacity
  }

  /** The descriptor of the set itself. */
  get ownDescriptor(): number {
    return this.#descriptor
  }

  /** Adds a descriptor. @throws SystemCallError, EEXIST if it is there */
  add(descriptor: number, events: number): void {
    this.#control(EPOLL_CTL_ADD, descriptor, events)
  }

  /** Changes what is waited for. @throws SystemCallError, ENOENT if it isn't there */
  modify(descriptor: number, events: number): void {
    this.#control(EPOLL_CTL_MOD, descriptor, events)
  }

  /** Removes a descriptor; closing it does the same. @throws SystemCallError, ENOENT if it isn't there */
  remove(descriptor: number): void {
    this.#control(EPOLL_CTL_DEL, descriptor, 0)
  }

  /**
   * Waits until something is reported.
   *
   * @param timeout milliseconds, rounded up; 0 to look only, negative for no limit
   * @returns how many events there are, for {@link descriptor} and {@link reported} from 0 on; 0 when the
   *   time is over, or earlier if a signal came in between
   * @throws SystemCallError
   */
  wait(timeout: number): number {
    const milliseconds = toMilliseconds(timeout)
    const count = epollWait(this.#descriptor, this.#address, this.#capacity, milliseconds)
    return count >= 0 ? count : nothingAfterSignal('epoll_wait', descriptorName(this.#descriptor))
  }

  /** The descriptor that an event of the last wait is about. */
  descriptor(index: number): number {
    return this.#events[index * EVENT_UNITS + DATA_OFFSET] as number
  }

  /** What an event of the last wait reports: a sum of `POLL_` constants. */
  reported(index: number): number {
    return this.#events[index * EVENT_UNITS] as number
  }

  /** Closes it; the descriptors stay open. @throws SystemCallError */
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
