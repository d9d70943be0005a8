import { closeDescriptor } from '@h2lab/tls-context/native'

/**
 * How many descriptors are remembered, from 0 on: as many as Linux allows a process at most by default
 * (fs.nr_open). Memory that isn't touched costs nothing.
 */
export const MOST_DESCRIPTORS = 1_048_576

/**
 * Which descriptors a thread has open, in memory that it shares with the one that has started it: they outlive
 * a thread that has to be terminated, and have to be closed then.
 */
export class ThreadDescriptors {
  readonly #open: Uint8Array

  /** @param memory of {@link create} */
  constructor(memory: SharedArrayBuffer) {
    this.#open = new Uint8Array(memory)
  }

  static create(): SharedArrayBuffer {
    return new SharedArrayBuffer(MOST_DESCRIPTORS)
  }

  /** The thread closes this one from now on, by {@link close}. */
  add(descriptor: number): void {
    this.#open[descriptor] = 1
  }

  /** Closes a descriptor. @throws SystemCallError */
  close(descriptor: number): void {
    this.forget(descriptor)
    closeDescriptor(descriptor)
  }

  /** Somebody else is about to close it: from then on its number may be another file's. */
  forget(descriptor: number): void {
    this.#open[descriptor] = 0
  }

  /** When the thread is gone: closes what it has left open. */
  closeAll(): void {
    for (;;) {
      const descriptor = this.#open.indexOf(1)
      if (descriptor < 0) return
      this.close(descriptor)
    }
  }
}
