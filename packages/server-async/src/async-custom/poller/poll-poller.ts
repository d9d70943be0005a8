import { POLL_IN, PollSet } from '@h2lab/tls-context/native'
import type { Poller } from './poller'

/** Waits with poll(2). */
export class PollPoller implements Poller {
  readonly #set: PollSet
  /** The index of each descriptor's entry. */
  readonly #indices: number[] = []
  /** The entries reported by the last wait. They are copies, because entries move when one is removed. */
  readonly #descriptors: Int32Array
  readonly #reported: Int32Array

  /** @param capacity the most descriptors it can wait for */
  constructor(capacity: number) {
    this.#set = new PollSet(capacity)
    this.#descriptors = new Int32Array(capacity)
    this.#reported = new Int32Array(capacity)
  }

  add(descriptor: number, events: number): void {
    const index = this.#set.length
    this.#set.set(index, descriptor, events)
    this.#set.length = index + 1
    this.#indices[descriptor] = index
  }

  modify(descriptor: number, events: number): void {
    this.#set.set(this.#indices[descriptor] as number, descriptor, events)
  }

  addClient(descriptor: number): void {
    this.add(descriptor, POLL_IN)
  }

  awaitClient(descriptor: number, events: number, _: boolean): void {
    this.modify(descriptor, events)
  }

  /** The last entry takes the place of the removed one. */
  forget(descriptor: number): void {
    const set = this.#set
    const index = this.#indices[descriptor] as number
    const last = set.length - 1
    const moved = set.descriptor(last)
    set.set(index, moved, set.events(last))
    this.#indices[moved] = index
    set.length = last
  }

  wait(timeout: number): number {
    const set = this.#set
    const count = set.wait(timeout)
    let found = 0
    for (let index = 0; found < count; index++) {
      const reported = set.reported(index)
      if (reported === 0) continue
      this.#descriptors[found] = set.descriptor(index)
      this.#reported[found] = reported
      found += 1
    }
    return count
  }

  descriptor(index: number): number {
    return this.#descriptors[index] as number
  }

  reported(index: number): number {
    return this.#reported[index] as number
  }

  close(): void {
    this.#set.length = 0
  }
}
