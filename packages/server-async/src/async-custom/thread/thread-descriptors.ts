import { closeDescriptor } from '@h2lab/tls-context/native'

/**
 * How many descriptors are recorded, from 0 on: the most that Linux allows a process by default (fs.nr_open).
 * Untouched memory costs nothing.
 */
export const MOST_DESCRIPTORS = 1_048_576

/**
 * The open descriptors of a thread, in memory shared with the thread that started it. They stay open when the thread
 * is terminated and have to be closed then.
 */
export class ThreadDescriptors {
  readonly #open: Uint8Array

  /** @param memory from {@link create} */
  constructor(memory: SharedArrayBuffer) {
    this.#open = new Uint8Array(memory)
  }

  static create(): SharedArrayBuffer {
    return new SharedArrayBuffer(MOST_DESCRIPTORS)
  }

  /** Records a descriptor, which is closed with {@link close}. */
  add(descriptor: number): void {
    this.#open[descriptor] = 1
  }

  /** Closes a descriptor. @throws SystemCallError */
  close(descriptor: number): void {
    this.forget(descriptor)
    closeDescriptor(descriptor)
  }

  /** Removes a descriptor that is closed elsewhere. Its number may be reused from then on. */
  forget(descriptor: number): void {
    this.#open[descriptor] = 0
  }

  /** Closes what a thread has left open. @param kept one that stays open */
  closeAll(kept?: number): void {
    let descriptor = this.#open.indexOf(1)
    while (descriptor >= 0) {
      if (descriptor !== kept) this.close(descriptor)
      descriptor = this.#open.indexOf(1, descriptor + 1)
    }
  }
}
