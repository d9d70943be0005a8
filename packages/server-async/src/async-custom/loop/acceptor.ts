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

/** How many clients a turn accepts: a flood of new ones must not starve those that are there. */
const ACCEPTED_PER_TURN = 64

/** How long nobody is accepted after an error such as EMFILE, in milliseconds. */
const PAUSE = 100

/** Knows which descriptors of a thread are open, so that they can be closed when it is gone. */
export interface OpenDescriptors {
  add(descriptor: number): void
  close(descriptor: number): void
}

/** What an {@link Acceptor} is made of. */
export interface AcceptorOptions {
  /** The descriptor of a socket that listens, in non-blocking mode. The acceptor closes it. */
  readonly listener: number
  readonly descriptors: OpenDescriptors
  readonly maxClients: number
  readonly count: ClientCount
  readonly onFault: (fault: ConnectionFault) => void
}

/** Lets clients in, as many at once as a loop can take, until it is stopped. */
export class Acceptor {
  readonly #options: AcceptorOptions
  readonly #poller: Poller
  readonly #onClient: (descriptor: number, peer: string) => void
  readonly #address = Buffer.alloc(SOCKET_ADDRESS_OCTETS)
  #state: 'listening' | 'paused' | 'stopped' = 'listening'
  #resumeAt = Number.POSITIVE_INFINITY

  /** @param onClient gets a descriptor, which it has to see closed, and the client's address and port */
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

  /** When {@link tick} is wanted, in milliseconds; Infinity if never. */
  get deadline(): number {
    return this.#resumeAt
  }

  /** Ends a pause that is over. */
  tick(now: number): void {
    if (now < this.#resumeAt) return
    this.#resumeAt = Number.POSITIVE_INFINITY
    this.#state = 'listening'
    this.#poller.modify(this.#options.listener, POLL_IN)
  }

  /** Accepts the clients that wait, or as many as one turn may. */
  accept(now: number): void {
    const { listener, onFault } = this.#options
    try {
      for (let count = 0; count < ACCEPTED_PER_TURN; count++) {
        // What a client's first octets cause may have ended the server.
        if (this.#state !== 'listening') return
        const descriptor = acceptClient(listener, 'non-blocking', this.#address)
        if (descriptor === WOULD_BLOCK) return
        this.#admit(descriptor, formatAddress(decodeAddress(this.#address)))
      }
    } catch (error) {
      // Such as EMFILE, which passes by itself.
      onFault({ error: error as Error, peer: 'unknown' })
      this.#state = 'paused'
      this.#resumeAt = now + PAUSE
      this.#poller.modify(listener, 0)
    }
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

  /** Lets nobody in any more. May be called again. */
  stop(): void {
    if (this.#state === 'stopped') return
    this.#state = 'stopped'
    this.#resumeAt = Number.POSITIVE_INFINITY
    this.#poller.forget(this.#options.listener)
    this.#options.descriptors.close(this.#options.listener)
  }
}
