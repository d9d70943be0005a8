import { performance } from 'node:perf_hooks'
import type { ConnectionFactory } from '@h2lab/mini-http2/protocol'
import type { ConnectionFault } from '@h2lab/mini-http2/server'
import {
  MemoryTlsConnection,
  NativeOctets,
  type NativeTlsContext,
  POLL_IN,
  POLL_OUT,
} from '@h2lab/tls-context/native'
import {
  type ActionContext,
  ENCRYPT_LENGTH,
  READ_LENGTH,
  WRITE_BUFFER_LENGTH,
} from '../client/action-context'
import { Client } from '../client/client'
import { CAN_READ_PORT, CAN_WRITE_PORT, HAS_OUTPUT } from '../client/client-state'
import { doAvailableActions } from '../client/process-client'
import type { Poller } from '../poller/poller'
import type { OpenDescriptors } from './acceptor'
import { BusyClients } from './busy-clients'
import type { ClientCount } from './client-count'
import { ClientEnding, handshakeTimeout } from './client-ending'
import { Deadlines } from './deadlines'
import { LoopClients } from './loop-clients'

/** What a {@link ClientService} is made of. */
export interface ClientServiceOptions {
  readonly poller: Poller
  readonly newConnection: ConnectionFactory
  /** Undefined: without TLS. */
  readonly tls: NativeTlsContext | undefined
  /** In milliseconds. */
  readonly handshakeTimeout: number
  readonly descriptors: OpenDescriptors
  readonly count: ClientCount
  readonly onFault: (fault: ConnectionFault) => void
}

/**
 * The clients of a loop from their first octet to their last: it does what is possible for them, and sees to it that
 * the rest is reported, by the poller, by the clock, or by the connection whose handler answers.
 */
export class ClientService implements ActionContext {
  now = currentTime()
  observed = false
  readonly readBuffer = new NativeOctets(READ_LENGTH)
  readonly plainBuffer = new NativeOctets(READ_LENGTH)
  readonly encryptBuffer = new NativeOctets(ENCRYPT_LENGTH)
  readonly writeBuffer = new NativeOctets(WRITE_BUFFER_LENGTH)

  readonly #options: ClientServiceOptions
  readonly #poller: Poller
  readonly #clients = new LoopClients()
  readonly #deadlines = new Deadlines<Client>()
  readonly #busy = new BusyClients()
  readonly #ending: ClientEnding
  /** Clients whose handlers have produced output since the last turn. */
  #woken: Client[] = []
  #draining = false

  constructor(options: ClientServiceOptions) {
    this.#options = options
    this.#poller = options.poller
    this.#ending = new ClientEnding(this, options.onFault, (client) => this.#forget(client))
  }

  /** How many clients there are. */
  get size(): number {
    return this.#clients.size
  }

  /** The client of a descriptor, if it is one's. */
  get(descriptor: number): Client | undefined {
    return this.#clients.get(descriptor)
  }

  /** When {@link serveDue} is wanted, in milliseconds of `performance.now()`; Infinity if never. */
  get deadline(): number {
    return this.#deadlines.earliest
  }

  /** Whether handlers have produced output that {@link serveWoken} would send. */
  get hasWoken(): boolean {
    return this.#woken.length > 0
  }

  /** Takes the time that all clients are served by until the next call. */
  setTime(): void {
    this.now = currentTime()
  }

  /** Serves a new client. */
  add(descriptor: number, peer: string): void {
    const { tls, handshakeTimeout: time } = this.#options
    const connection = tls === undefined ? undefined : new MemoryTlsConnection(tls)
    const client = new Client(descriptor, peer, connection, this.now)
    client.phaseDeadline = this.now + time
    this.#poller.addClient(descriptor)
    this.#clients.add(client)
    if (tls === undefined) this.admit(client)
    this.serve([client])
  }

  /** A client without TLS, or whose handshake is done, gets its connection. */
  admit(client: Client): void {
    const connection = this.#options.newConnection(this.now)
    connection.onOutputReady = () => this.#wake(client)
    client.connection = connection
    client.phase = 'serving'
    client.state |= HAS_OUTPUT
    if (this.#draining) connection.drain()
  }

  /** A client is lost: what it is told is sent, and waited for. */
  fail(client: Client, error: Error): void {
    this.#ending.fail(client, error)
    this.#await(client)
  }

  /** Does all that can be done for these clients now. Whatever goes wrong for one is its own fault. */
  serve(clients: readonly Client[]): void {
    doAvailableActions(clients, this)
    for (const client of clients) this.#settle(client)
  }

  /** Sends what handlers have produced: all of a client's since the last turn is one batch. */
  serveWoken(): void {
    const woken = this.#woken
    this.#woken = []
    for (const client of woken) {
      client.woken = false
      // What is taken now shows the connection that its client still gets something.
      client.connection?.tick(this.now)
    }
    this.#serveOutput(woken)
  }

  /** Does for each client what its time has come for. */
  serveDue(): void {
    for (;;) {
      const client = this.#deadlines.takeDue(this.now)
      if (client === undefined) return
      this.#busy.release(client, this.now)
      if (client.deadline > this.now) this.#deadlines.schedule(client, client.deadline)
      else if (client.phase === 'serving') {
        client.connection?.tick(this.now)
        this.#serveOutput([client])
      } else if (client.phase === 'handshake') this.fail(client, handshakeTimeout())
      else this.#ending.close(client)
    }
  }

  /** Lets all clients finish what they have begun; those whose handshake isn't done as well. */
  drain(): void {
    this.#draining = true
    const clients = this.#clients.all()
    for (const client of clients) client.connection?.drain()
    this.#serveOutput(clients)
  }

  /** Ends all clients at once. What their sockets take without waiting still says which requests were served. */
  kill(): void {
    const clients = this.#clients.all()
    for (const client of clients) client.connection?.endInput()
    this.#serveOutput(clients)
    for (const client of clients) this.#ending.close(client)
  }

  #wake(client: Client): void {
    if (client.woken) return
    client.woken = true
    this.#woken.push(client)
  }

  /** Serves clients whose connections have made output that the poller doesn't know about. */
  #serveOutput(clients: readonly Client[]): void {
    for (const client of clients) {
      if (client.phase === 'serving') client.state |= HAS_OUTPUT
    }
    this.serve(clients)
  }

  /** Goes on with the end of a client, if it is at its end. */
  #settle(client: Client): void {
    try {
      this.#ending.follow(client)
      if (client.phase === 'serving') this.#busy.served(client, this.now)
    } catch (error) {
      this.#ending.fail(client, error as Error)
    }
    this.#await(client)
  }

  /** What isn't possible yet has to be reported, by the poller or by the clock. */
  #await(client: Client): void {
    const { state, phase } = client
    if (phase === 'closed') return
    this.#deadlines.schedule(client, client.deadline)
    const events =
      ((state & CAN_READ_PORT) !== 0 || client.inputEnded ? 0 : POLL_IN) |
      ((state & CAN_WRITE_PORT) !== 0 ? 0 : POLL_OUT)
    const unfinished = client.readAllowance <= 0 || client.writeAllowance <= 0
    this.#poller.awaitClient(client.descriptor, events, unfinished)
  }

  /** The one place where a client's descriptor is given back; once, as {@link ClientEnding} sees to. */
  #forget(client: Client): void {
    this.#clients.delete(client)
    this.#deadlines.remove(client)
    this.#busy.forget(client)
    this.#poller.forget(client.descriptor)
    this.#options.descriptors.close(client.descriptor)
    this.#options.count.leave()
  }
}

/**
 * The time in milliseconds of `performance.now()`, rounded down: V8 keeps a whole number in the object whose property
 * it is, and any other in an object of its own, which is one more thing for each client to be in the cache.
 */
function currentTime(): number {
  return Math.floor(performance.now())
}
