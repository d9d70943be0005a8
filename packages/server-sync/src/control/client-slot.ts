import { shutdownSocket } from '@h2lab/tls-context/native'

/** No client. */
const NONE = -1
/** Another thread is calling shutdown on the descriptor: it must not be closed now. */
const LOCKED = -2

/** The thread of a slot. */
const NO_THREAD = 0
const IDLE = 1
const BUSY = 2

/** How many 32-bit cells of shared memory a slot has: its thread's state, and its client's descriptor. */
export const SLOT_CELLS = 2

/**
 * The place of one client, and of the thread that serves it, in memory that all threads of a server
 * share. A descriptor that is closed is soon another file's: so it is closed only under the slot's
 * lock, and interrupted only under it.
 */
export class ClientSlot {
  readonly #cells: Int32Array
  readonly #state: number
  readonly #descriptor: number

  /**
   * @param cells shared by all threads
   * @param at index of the slot's first cell
   */
  constructor(cells: Int32Array, at: number) {
    this.#cells = cells
    this.#state = at
    this.#descriptor = at + 1
  }

  /** For the memory's beginning: without thread and client. */
  clear(): void {
    Atomics.store(this.#cells, this.#state, NO_THREAD)
    Atomics.store(this.#cells, this.#descriptor, NONE)
  }

  /** Its client's descriptor; undefined without one. Only the thread that serves it may ask. */
  get client(): number | undefined {
    const descriptor = this.#unlocked()
    return descriptor === NONE ? undefined : descriptor
  }

  /** The slot has a client from now on, which {@link interrupt} reaches. */
  setClient(descriptor: number): void {
    Atomics.store(this.#cells, this.#descriptor, descriptor)
  }

  /**
   * The slot has no client any more.
   *
   * @param close closes the descriptor
   */
  releaseClient(close: (descriptor: number) => void): void {
    for (;;) {
      const descriptor = this.#unlocked()
      if (descriptor === NONE) return
      if (this.#exchange(this.#descriptor, descriptor, NONE)) {
        close(descriptor)
        return
      }
    }
  }

  /**
   * From any thread: whoever waits for octets of its client waits no more. What is written can still be sent; a
   * wait for room ends by itself, see `doConnection`.
   */
  interrupt(): void {
    const descriptor = Atomics.load(this.#cells, this.#descriptor)
    if (descriptor < 0 || !this.#exchange(this.#descriptor, descriptor, LOCKED)) return
    try {
      shutdownSocket(descriptor, 'read')
    } finally {
      Atomics.store(this.#cells, this.#descriptor, descriptor)
      Atomics.notify(this.#cells, this.#descriptor)
    }
  }

  /**
   * For the listener: gives a client to the slot if its thread has nothing to do.
   *
   * @returns whether it had
   */
  giveToIdleThread(descriptor: number): boolean {
    if (Atomics.load(this.#cells, this.#state) !== IDLE) return false
    // First, so that the thread finds it; nobody else gives a client.
    Atomics.store(this.#cells, this.#descriptor, descriptor)
    if (this.#exchange(this.#state, IDLE, BUSY)) {
      Atomics.notify(this.#cells, this.#state)
      return true
    }
    // The thread has just ended.
    Atomics.store(this.#cells, this.#descriptor, NONE)
    return false
  }

  /** Takes a slot that has no thread, for one that is to be started. Returns whether it had none. */
  reserve(): boolean {
    return this.#exchange(this.#state, NO_THREAD, BUSY)
  }

  /** The slot's thread has ended. */
  vacate(): void {
    Atomics.store(this.#cells, this.#state, NO_THREAD)
  }

  /** For the slot's thread: it has no client, and waits for one. */
  becomeIdle(): void {
    Atomics.store(this.#cells, this.#state, IDLE)
  }

  /**
   * For the slot's thread, when it is done with its client: it waits for the next one from now on, and only then closes
   * the descriptor. So whoever sees the connection close may connect again at once. From the first step on nobody else
   * reaches the descriptor, and its number isn't used again before it is closed.
   *
   * @param close closes the descriptor
   */
  finishClient(close: (descriptor: number) => void): void {
    this.releaseClient((descriptor) => {
      this.becomeIdle()
      close(descriptor)
    })
  }

  /** For the slot's thread: it takes no other client. Returns whether it had none. */
  refuseClients(): boolean {
    return this.#exchange(this.#state, IDLE, BUSY)
  }

  /**
   * For the slot's thread: waits for its next client, unless it has one.
   *
   * @param milliseconds how long
   * @param ending whether the server takes no more clients
   * @returns whether there is one; if not, the slot has no thread from now on
   */
  awaitClient(milliseconds: number, ending: () => boolean): boolean {
    // If the server begins to end behind this question, `dismiss` changes the state waited for.
    if (!ending()) Atomics.wait(this.#cells, this.#state, IDLE, milliseconds)
    if (this.#exchange(this.#state, IDLE, NO_THREAD)) return false
    return Atomics.load(this.#cells, this.#state) === BUSY
  }

  /** From any thread: a thread that waits for a client ends. */
  dismiss(): void {
    if (this.#exchange(this.#state, IDLE, NO_THREAD)) Atomics.notify(this.#cells, this.#state)
  }

  /** The descriptor's cell, once no other thread has it locked. */
  #unlocked(): number {
    for (;;) {
      const descriptor = Atomics.load(this.#cells, this.#descriptor)
      if (descriptor !== LOCKED) return descriptor
      Atomics.wait(this.#cells, this.#descriptor, LOCKED)
    }
  }

  #exchange(cell: number, expected: number, replacement: number): boolean {
    return Atomics.compareExchange(this.#cells, cell, expected, replacement) === expected
  }
}
