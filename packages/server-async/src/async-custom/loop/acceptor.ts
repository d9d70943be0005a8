import type { ConnectionFactory } from '@h2lab/mini-http2/protocol'
import { ClientRefusedError, type ConnectionFault } from '@h2lab/mini-http2/server'
import {
  acceptClient,
  decodeAddress,
  formatAddress,
  POLL_IN,
  SOCKET_ADDRESS_OCTETS,
  WOULD_BLOCK,
} from '@h2lab/tls-context/native'
import type { Poller } from '../poller/poller'
import type { ClientCount } from './client-count'

/** How many clients a turn accepts. A flood of new clients must not starve the existing ones. */
const ACCEPTED_PER_TURN = 64

/** How long accepting pauses after an error such as EMFILE, in milliseconds. */
const PAUSE = 100

/** Records the open descriptors of a thread, so that they can be closed when the thread is gone. */
export interface OpenDescriptors {
  add(descriptor: number): void
  close(descriptor: number): void
}

/** The options of an {@link Acceptor}. */
export interface AcceptorOptions {
  /** The descriptor of a listening socket in non-blocking mode. The acceptor closes it. */
  readonly listener: number
  readonly descriptors: OpenDescriptors
  readonly maxClients: number
  readonly count: ClientCount
  readonly onFault: (fault: ConnectionFault) => void
  readonly newConnection: ConnectionFactory
}

/** Accepts clients, up to the limit of the server, until it is stopped. */
export class Acceptor {
  readonly #options: AcceptorOptions
  readonly #poller: Poller
  readonly #onClient: (descriptor: number, peer: string) => void
  readonly #address = Buffer.alloc(SOCKET_ADDRESS_OCTETS)
  #state: 'listening' | 'paused' | 'stopped' = 'listening'
  #resumeAt = Number.POSITIVE_INFINITY

  /** @param onClient called with a descriptor, which it must close eventually, and the client's address and port */
  constructor(
    options: AcceptorOptions,
    poller: Poller,
    onClient: (descriptor: number, peer: string) => void,
  ) {
    this.#options = options
    this.#poller = poller
    this.#onClient = onClient
    poller.add(options.listener, POLL_IN)
  }

  get stopped(): boolean {
    return this.#state === 'stopped'
  }

  /** When {@link tick} has to be called, in milliseconds. Infinity if never. */
  get deadline(): number {
    return this.#resumeAt
  }

  /** Ends the pause if it is over. */
  tick(now: number): void {
    if (now < this.#resumeAt) return
    this.#resumeAt = Number.POSITIVE_INFINITY
    this.#state = 'listening'
    this.#poller.modify(this.#options.listener, POLL_IN)
  }

  /** Accepts the waiting clients, at most as many as one turn may. */
  accept(now: number): void {
    const { listener, onFault } = this.#options
    try {
      for (let count = 0; count < ACCEPTED_PER_TURN; count++) {
        // Serving a new client may have ended the server.
        if (this.#state !== 'listening') return
        // They wait in the system's queue, and time may bring memory.
        if (!this.#options.newConnection.admits()) {
          this.#pause(now)
          return
        }
        const descriptor = acceptClient(listener, 'non-blocking', this.#address)
        if (descriptor === WOULD_BLOCK) return
        this.#admit(descriptor, formatAddress(decodeAddress(this.#address)))
      }
    } catch (error) {
      // For example EMFILE, which is temporary.
      onFault({ error: error as Error, peer: 'unknown' })
      this.#pause(now)
    }
  }

  #pause(now: number): void {
    this.#state = 'paused'
    this.#resumeAt = now + PAUSE
    this.#poller.modify(this.#options.listener, 0)
  }

  #admit(descriptor: number, peer: string): void {
    const { count, maxClients, descriptors, onFault } = this.#options
    descriptors.add(descriptor)
    if (count.enter()) {
      this.#onClient(descriptor, peer)
      return
    }
    descriptors.close(descriptor)
    onFault({ error: new ClientRefusedError(maxClients), peer })
  }

  /** Stops accepting clients. Does nothing the second time. */
  stop(): void {
    if (this.#state === 'stopped') return
    this.#state = 'stopped'
    this.#resumeAt = Number.POSITIVE_INFINITY
    this.#poller.forget(this.#options.listener)
    this.#options.descriptors.close(this.#options.listener)
  }
}
