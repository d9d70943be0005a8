/** What the threads of a server share to keep account of the memory that all of them hold, as plain data. */
export interface SharedMemoryUse {
  /** Made by {@link createMemoryUse}. */
  readonly cells: SharedArrayBuffer
  /** Which of the server's threads this one is, from 0 on. */
  readonly index: number
}

/** Threads count in KiB, since their cells are integers of 32 bits. */
const UNIT = 1024

/** @param threads how many threads a server has at most */
export function createMemoryUse(threads: number): SharedArrayBuffer {
  return new SharedArrayBuffer(threads * Int32Array.BYTES_PER_ELEMENT)
}

/** A thread has ended, and holds nothing any more. */
export function releaseMemoryUse(use: SharedMemoryUse): void {
  new SharedUse(use).publish(0)
}

/** The account of a thread, and those of the others. Each thread writes its own cell only. */
export class SharedUse {
  readonly #cells: Int32Array
  readonly #index: number

  constructor({ cells, index }: SharedMemoryUse) {
    this.#cells = new Int32Array(cells)
    this.#index = index
  }

  /** @param bytes what this thread holds */
  publish(bytes: number): void {
    this.#cells[this.#index] = bytes / UNIT
  }

  /** What the other threads hold: the sum, and the most that one of them holds, in bytes. */
  others(): { readonly sum: number; readonly most: number } {
    let sum = 0
    let most = 0
    for (const [index, units] of this.#cells.entries()) {
      if (index === this.#index) continue
      sum += units
      most = Math.max(most, units)
    }
    return { sum: sum * UNIT, most: most * UNIT }
  }
}
