import { shutdownSocket } from '@h2lab/tls-context/native'
import type { ServerPhase } from '../connection/do-connection'
import { ClientSlot, SLOT_CELLS } from './client-slot'

/** In the order of their numbers. */
const PHASES: readonly ServerPhase[] = ['serving', 'draining', 'killed']

const PHASE_CELL = 0
const FIRST_SLOT = 1

/**
 * A server as plain data, which another thread can get by a message: with it, it can end the server
 * by `endServer`.
 */
export interface ServerHandle {
  /** What all threads of the server share. */
  readonly memory: SharedArrayBuffer
  /** The descriptor of the socket that listens. */
  readonly listener: number
}

/**
 * How other threads reach a loop that blocks: the server's phase and its clients' descriptors lie in shared
 * memory, and shutdown(2) wakes whoever waits for one of the sockets. What began before is
 * seen by the shutdown, what begins afterwards sees the phase: so no call is missed.
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
   * Makes the shared memory of a new server.
   *
   * @param slots how many clients it serves at once
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

  /** Whether no more clients are accepted. */
  get ending(): boolean {
    return this.phase !== 'serving'
  }

  /** Whether all clients are ended at once. */
  get killed(): boolean {
    return this.phase === 'killed'
  }

  /** Accepts no more clients; those that are there finish what they have begun. */
  drain(): void {
    Atomics.compareExchange(this.#cells, PHASE_CELL, 0, PHASES.indexOf('draining'))
    this.#stopListening()
  }

  /** Accepts no more clients and ends all at once. */
  kill(): void {
    Atomics.store(this.#cells, PHASE_CELL, PHASES.indexOf('killed'))
    this.#stopListening()
    for (const slot of this.slots) slot.interrupt()
  }

  /** A thread that waits in accept gets EINVAL, and so does every later call. */
  #stopListening(): void {
    shutdownSocket(this.#listener, 'both')
    for (const slot of this.slots) slot.dismiss()
  }
}

/**
 * Ends a server that blocks another thread, from any thread.
 *
 * @param handle what `serveBlocking` gave to `onListening`
 * @param how `drain`: its clients finish what they have begun; `kill`: at once
 * @throws SystemCallError if the server has ended already
 */
export function endServer(handle: ServerHandle, how: 'drain' | 'kill'): void {
  new ServerControl(handle)[how]()
}
