import { shutdownSocket } from '@h2lab/tls-context/native'
import type { ServerPhase } from '../connection/do-connection'
import { ClientSlot, SLOT_CELLS } from './client-slot'

/** Each phase is stored as its index. */
const PHASES: readonly ServerPhase[] = ['serving', 'draining', 'killed']

const PHASE_CELL = 0
const FIRST_SLOT = 1

/** A server as plain data. It can be sent to another thread, which can end the server with `endServer`. */
export interface ServerHandle {
  /** Memory shared by all threads of the server. */
  readonly memory: SharedArrayBuffer
  /** The descriptor of the listening socket. */
  readonly listener: number
}

/**
 * Controls blocking loops from other threads. The server's phase and its clients' descriptors are in shared memory,
 * and shutdown(2) wakes a thread that waits for a socket. A call that began earlier is woken by the shutdown, a later
 * one sees the phase, so none is missed.
 */
export class ServerControl {
  readonly slots: readonly ClientSlot[]
  readonly #cells: Int32Array
  readonly #listener: number

  constructor({ memory, listener }: ServerHandle) {
    this.#cells = new Int32Array(memory)
    this.#listener = listener
    const count = (this.#cells.length - FIRST_SLOT) / SLOT_CELLS
    this.slots = Array.from(
      { length: count },
      (_, index) => new ClientSlot(this.#cells, FIRST_SLOT + index * SLOT_CELLS),
    )
  }

  /**
   * Creates the shared memory of a new server.
   *
   * @param slots the most clients served at once
   */
  static create(slots: number, listener: number): ServerHandle {
    const handle = {
      memory: new SharedArrayBuffer((FIRST_SLOT + slots * SLOT_CELLS) * 4),
      listener,
    }
    for (const slot of new ServerControl(handle).slots) slot.clear()
    return handle
  }

  get phase(): ServerPhase {
    return PHASES[Atomics.load(this.#cells, PHASE_CELL)]!
  }

  /** Whether the server has stopped accepting clients. */
  get ending(): boolean {
    return this.phase !== 'serving'
  }

  /** Whether all clients are ended at once. */
  get killed(): boolean {
    return this.phase === 'killed'
  }

  /** Stops accepting clients and lets the existing ones finish their requests. */
  drain(): void {
    Atomics.compareExchange(this.#cells, PHASE_CELL, 0, PHASES.indexOf('draining'))
    this.#stopListening()
  }

  /** Stops accepting clients and ends all at once. */
  kill(): void {
    Atomics.store(this.#cells, PHASE_CELL, PHASES.indexOf('killed'))
    this.#stopListening()
    for (const slot of this.slots) slot.interrupt()
  }

  /** A thread that waits in accept(2) gets EINVAL, and so does every later call. */
  #stopListening(): void {
    shutdownSocket(this.#listener, 'both')
    for (const slot of this.slots) slot.dismiss()
  }
}

/**
 * Ends a server that blocks another thread. May be called from any thread.
 *
 * @param handle the one that `serveBlocking` passed to `onListening`
 * @param how `drain` lets clients finish their requests; `kill` ends them at once
 * @throws SystemCallError if the server has ended already
 */
export function endServer(handle: ServerHandle, how: 'drain' | 'kill'): void {
  new ServerControl(handle)[how]()
}
