import { once } from 'node:events'
import type { Socket } from 'node:net'
import { CLIENT_PREFACE, SETTINGS_ACK_FRAME } from '@h2lab/mini-http2/frames'
import { type Octets, settings, windowUpdate } from './frames'
import type { Pacer } from './pacer'

/** The largest window of a connection, less what it begins with. */
const WHOLE_WINDOW = 2 ** 31 - 1 - 65_535

export interface BeginOptions {
  /** Whether it reads what comes. Default true; else it reads the server's first octets only. */
  readonly reads?: boolean
  /** The windows it gives: as large as can be, by default, those that HTTP/2 begins with, or none. */
  readonly window?: 'large' | 'initial' | 'none'
  /** More parameters for its SETTINGS. */
  readonly settings?: readonly (readonly [number, number])[]
}

const INITIAL_WINDOW_SIZE = 4

/** A connection whose octets are made by hand. All its verbs return when it is over, too. */
export class HostileConnection {
  readonly #socket: Socket
  readonly #pacer: Pacer
  readonly #signal: AbortSignal
  readonly #count: (octets: number) => void
  readonly #closed: Promise<void>
  #isOpen = true

  /**
   * @param signal ends it when it is aborted
   * @param count is told how many octets were sent
   */
  constructor(socket: Socket, pacer: Pacer, signal: AbortSignal, count: (octets: number) => void) {
    this.#socket = socket
    this.#pacer = pacer
    this.#signal = signal
    this.#count = count
    const abort = () => void socket.destroy()
    signal.addEventListener('abort', abort)
    this.#closed = new Promise((resolve) => {
      const over = () => {
        this.#isOpen = false
        signal.removeEventListener('abort', abort)
        resolve()
      }
      socket.once('close', over)
      // One that keeps sending to a server that has ended its side is over when it fails.
      if (!socket.allowHalfOpen) socket.once('end', over)
    })
    // Being cut off is what happens to hostile clients.
    socket.on('error', () => {})
    if (signal.aborted) abort()
  }

  /** False when either side has ended it. */
  get isOpen(): boolean {
    return this.#isOpen && !this.#socket.destroyed
  }

  get socket(): Socket {
    return this.#socket
  }

  /** Sends preface and SETTINGS, waits for the server's and acknowledges them. */
  async begin(options: BeginOptions = {}): Promise<boolean> {
    const { reads = true, window = 'large', settings: more = [] } = options
    const sizes = { large: 2 ** 31 - 1, initial: undefined, none: 0 }[window]
    const entries = sizes === undefined ? more : [[INITIAL_WINDOW_SIZE, sizes] as const, ...more]
    await this.send(CLIENT_PREFACE, settings(entries))
    if (window === 'large') await this.send(windowUpdate(0, WHOLE_WINDOW))
    await this.received()
    if (reads) this.#socket.resume()
    else this.#socket.pause()
    return this.send(SETTINGS_ACK_FRAME)
  }

  /** Sends octets, as fast as all connections together may. @returns whether it is still open */
  async send(...parts: readonly Octets[]): Promise<boolean> {
    const octets = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    await this.#pacer.take(octets.length, this.#signal)
    if (!this.isOpen) return false
    this.#count(octets.length)
    if (!this.#socket.write(octets)) {
      await Promise.race([once(this.#socket, 'drain').catch(() => {}), this.#closed])
    }
    return this.isOpen
  }

  /** Waits until something has come; the rest stays in the socket. */
  async received(): Promise<void> {
    this.#socket.resume()
    await Promise.race([once(this.#socket, 'data').catch(() => {}), this.#closed])
    this.#socket.pause()
  }

  /** Reads nothing from now on. */
  pause(): void {
    this.#socket.pause()
  }

  /** Reads all that comes, and forgets it. */
  resume(): void {
    this.#socket.resume()
  }

  /** Ends the sending side only. */
  halfClose(): void {
    this.#socket.end()
  }

  /** Closes it; `reset` drops what the system has still to send. */
  close(how: 'end' | 'reset' = 'end'): void {
    this.#isOpen = false
    if (how === 'reset') this.#socket.resetAndDestroy()
    else this.#socket.destroy()
  }

  /** Returns when it is over. */
  over(): Promise<void> {
    return this.#closed
  }
}
