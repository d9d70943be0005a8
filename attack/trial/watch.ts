import { setTimeout as delay } from 'node:timers/promises'
import { type ProcessState, stateOf } from './process-state'
import { MIB, returnedDescriptors, returnedMemory } from './promises'

/** How often a process is looked at, in milliseconds. */
const LOOK_INTERVAL = 100
/** An attack ends early if a server takes so much more memory: the machine has others. */
const MOST_GROWTH = 4096 * MIB

/** Looks at a process again and again. */
export class Watch {
  readonly #pid: number | undefined
  readonly #first: ProcessState | undefined
  #last: ProcessState | undefined
  #peak = 0

  /** @param pid undefined: nothing is known of it, and only the time passes */
  constructor(pid: number | undefined) {
    this.#pid = pid
    this.#look()
    this.#first = this.#last
  }

  /** Returns when the time is over, or the process is gone or too large. */
  async end(milliseconds: number): Promise<void> {
    const deadline = performance.now() + milliseconds
    while (performance.now() < deadline) {
      await delay(Math.min(LOOK_INTERVAL, deadline - performance.now() + 1))
      this.#look()
      if (this.#pid === undefined) continue
      if (this.#last === undefined) return
      if (this.#last.memory - (this.#first?.memory ?? 0) > MOST_GROWTH) return
    }
  }

  /** @returns the most memory that was seen, in octets */
  stop(): number {
    this.#look()
    return this.#peak
  }

  #look(): void {
    if (this.#pid === undefined) return
    this.#last = stateOf(this.#pid)
    if (this.#last !== undefined) this.#peak = Math.max(this.#peak, this.#last.peak)
  }
}

/**
 * Waits until a process holds what it held before, but not for ever.
 *
 * @param patience in milliseconds
 */
export async function returned(
  pid: number,
  before: ProcessState,
  patience: number,
): Promise<ProcessState | undefined> {
  const deadline = performance.now() + patience
  for (;;) {
    const state = stateOf(pid)
    if (state === undefined || performance.now() > deadline) return state
    const isBack =
      state.memory <= returnedMemory(before.memory) &&
      state.descriptors <= returnedDescriptors(before.descriptors)
    if (isBack) return state
    await delay(LOOK_INTERVAL)
  }
}
