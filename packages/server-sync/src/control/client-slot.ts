import { shutdownSocket } from '@h2lab/tls-context/native'

/** No client. */
const NONE = -1
/** Another thread is calling shutdown(2) on the descriptor, so it must not be closed now. */
const LOCKED = -2

/** The state of a slot's thread. */
const NO_THREAD = 0
const IDLE = 1
const BUSY = 2

/** How many 32-bit cells of shared memory a slot has: the state of its thread and the descriptor of its client. */
export const SLOT_CELLS = 2

/**
 * A client and the thread that serves it, in memory shared by all threads of a server. The number of a closed
 * descriptor is soon reused, so a descriptor is closed and interrupted only under the slot's lock.
 */
export class ClientSlot {
  readonly #cells: Int32Array
  readonly #state: number
  readonly #descriptor: number

  /**
   * @param cells shared by all threads
   * @param at the index of the slot's first cell
   */
  constructor(cells: Int32Array, at: number) {
    this.#cells = cells
    this.#state = at
    this.#descriptor = at + 1
  }

  /** Initializes the slot, without a thread or client. */
  clear(): void {
    Atomics.store(this.#cells, this.#state, NO_THREAD)
    Atomics.store(this.#cells, this.#descriptor, NONE)
  }

  /** The client's descriptor; undefined without a client. Only for the thread that serves it. */
  get client(): number | undefined {
    const descriptor = this.#unlocked()
    return descriptor === NONE ? undefined : descriptor
  }

  /** Sets the client, so that {@link interrupt} reaches it. */
  setClient(descriptor: number): void {
    Atomics.store(this.#cells, this.#descriptor, descriptor)
  }

  /**
   * Removes the client.
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
   * From any thread: ends a wait for input from the client. Output can still be sent. A wait for room in the socket
   * ends by itself, see `doConnection`.
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
   * For the listener: gives a client to the slot if its thread is idle.
   *
   * @returns whether it was idle
   */
  giveToIdleThread(descriptor: number): boolean {
    if (Atomics.load(this.#cells, this.#state) !== IDLE) return false
    // Stored first, so that the thread finds it. No other thread assigns clients.
    Atomics.store(this.#cells, this.#descriptor, descriptor)
    if (this.#exchange(this.#state, IDLE, BUSY)) {
      Atomics.notify(this.#cells, this.#state)
      return true
    }
    // The thread has ended in the meantime.
    Atomics.store(this.#cells, this.#descriptor, NONE)
    return false
  }

  /** Reserves a slot without a thread for a new one. Returns whether it had none. */
  reserve(): boolean {
    return this.#exchange(this.#state, NO_THREAD, BUSY)
  }

  /** The slot's thread has ended. */
  vacate(): void {
    Atomics.store(this.#cells, this.#state, NO_THREAD)
  }

  /** For the slot's thread: it has no client and waits for one. */
  becomeIdle(): void {
    Atomics.store(this.#cells, this.#state, IDLE)
  }

  /**
   * For the slot's thread, when it is done with its client. Waits for the next client before it closes the
   * descriptor, so a peer that sees the connection close can connect again at once. From the first step on no other
   * thread can reach the descriptor, and its number is not reused before it is closed.
   *
   * @param close closes the descriptor
   */
  finishClient(close: (descriptor: number) => void): void {
    this.releaseClient((descriptor) => {
      this.becomeIdle()
      close(descriptor)
    })
  }

  /** For the slot's thread: it accepts no further client. Returns whether it had none. */
  refuseClients(): boolean {
    return this.#exchange(this.#state, IDLE, BUSY)
  }

  /**
   * For the slot's thread: waits for its next client, unless it has one.
   *
   * @param milliseconds the longest wait
   * @param ending whether the server has stopped accepting clients
   * @returns whether there is one; if not, the slot no longer has a thread
   */
  awaitClient(milliseconds: number, ending: () => boolean): boolean {
    // If the server starts to end after this check, `dismiss` changes the state, which ends the wait.
    if (!ending()) Atomics.wait(this.#cells, this.#state, IDLE, milliseconds)
    if (this.#exchange(this.#state, IDLE, NO_THREAD)) return false
    return Atomics.load(this.#cells, this.#state) === BUSY
  }

  /** From any thread: ends a thread that waits for a client. */
  dismiss(): void {
    if (this.#exchange(this.#state, IDLE, NO_THREAD)) Atomics.notify(this.#cells, this.#state)
  }

  /** The value of the descriptor's cell, once it is not locked. */
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
