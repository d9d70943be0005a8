import { performance } from 'node:perf_hooks'
import type { Connection, ConnectionFactory } from '@h2lab/mini-http2/protocol'
import type { ConnectionFault } from '@h2lab/mini-http2/server'
import {
  MemoryTlsConnection,
  NativeOctets,
  type NativeTlsContext,
  POLL_IN,
  POLL_OUT,
} from '@h2lab/tls-context/native'
import { Turns } from '../../turns'
import {
  type ActionContext,
  ENCRYPT_LENGTH,
  READ_LENGTH,
  WRITE_BUFFER_LENGTH,
} from '../client/action-context'
import { Client } from '../client/client'
import { CAN_READ_PORT, CAN_WRITE_PORT, HAS_OUTPUT } from '../client/client-state'
import { doAvailableActions } from '../client/process-client'
import { takeTurn } from '../client/socket-actions'
import type { Poller } from '../poller/poller'
import type { OpenDescriptors } from './acceptor'
import { BusyClients } from './busy-clients'
import type { ClientCount } from './client-count'
import { ClientEnding, handshakeTimeout } from './client-ending'
import { Deadlines } from './deadlines'
import { LoopClients } from './loop-clients'

/** The options of a {@link ClientService}. */
export interface ClientServiceOptions {
  readonly poller: Poller
  readonly newConnection: ConnectionFactory
  /** Undefined without TLS. */
  readonly tls: NativeTlsContext | undefined
  /** In milliseconds. */
  readonly handshakeTimeout: number
  readonly descriptors: OpenDescriptors
  readonly count: ClientCount
  readonly onFault: (fault: ConnectionFault) => void
}

/**
 * Serves the clients of a loop. It runs the actions that are possible and makes sure that the poller, a deadline or
 * the connection's handler reports the rest.
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
  readonly #turns = new Turns<Client>()
  readonly #ending: ClientEnding
  /** Clients whose handlers have produced output since the last turn. */
  #woken: Client[] = []
  #draining = false

  constructor(options: ClientServiceOptions) {
    this.#options = options
    this.#poller = options.poller
    this.#ending = new ClientEnding(this, options.onFault, (client) => this.#forget(client))
  }

  /** The number of clients. */
  get size(): number {
    return this.#clients.size
  }

  /** The client of a descriptor; undefined if there is none. */
  get(descriptor: number): Client | undefined {
    return this.#clients.get(descriptor)
  }

  /** When {@link serveDue} has to be called, in milliseconds of `performance.now()`. Infinity if never. */
  get deadline(): number {
    return this.#deadlines.earliest
  }

  /** Whether handlers have produced output that {@link serveWoken} would send. */
  get hasWoken(): boolean {
    return this.#woken.length > 0
  }

  /** Whether clients wait for {@link serveWaiting}. */
  get hasWaiting(): boolean {
    return this.#turns.hasWaiting
  }

  goOn(client: Client, connection: Connection): boolean {
    return this.#turns.goOn(client, connection)
  }

  onNearTurnEnd(connection: Connection): void {
    this.#turns.onNearEnd(connection)
  }

  /** A turn of the loop begins: all that were ready in the last one were served. */
  beginTurn(): void {
    this.#turns.beginAnew()
  }

  /** Gives clients that have sent more than is served at once their turn. */
  serveWaiting(): void {
    this.#turns.serve((client) => {
      takeTurn(client, this)
      this.serve([client])
    })
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

  /** Gives a client its connection. Its handshake is done, or it does not use TLS. */
  admit(client: Client): void {
    const connection = this.#options.newConnection(this.now)
    connection.onOutputReady = () => this.#wake(client)
    client.connection = connection
    client.phase = 'serving'
    client.state |= HAS_OUTPUT
    if (this.#draining) connection.drain()
  }

  /** Ends a client after an error. Sends what is left, such as a GOAWAY or an alert. */
  fail(client: Client, error: Error): void {
    this.#ending.fail(client, error)
    this.#await(client)
  }

  /** Runs all possible actions of these clients. An error affects only the client where it occurred. */
  serve(clients: readonly Client[]): void {
    doAvailableActions(clients, this)
    for (const client of clients) this.#settle(client)
  }

  /** Sends what handlers have produced, batched per client. */
  serveWoken(): void {
    const woken = this.#woken
    this.#woken = []
    for (const client of woken) {
      client.woken = false
      // Taking output shows the connection that its client still receives.
      client.connection?.tick(this.now)
    }
    this.#serveOutput(woken)
  }

  /** Handles the clients whose deadlines have passed. */
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

  /** Lets all clients finish their requests, including those still in the handshake. */
  drain(): void {
    this.#draining = true
    const clients = this.#clients.all()
    for (const client of clients) client.connection?.drain()
    this.#serveOutput(clients)
  }

  /**
   * Ends all clients at once. A final GOAWAY, which names the requests served, is sent if the sockets accept it
   * without waiting.
   */
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

  /** Serves clients whose connections have output that the poller does not know about. */
  #serveOutput(clients: readonly Client[]): void {
    for (const client of clients) {
      if (client.phase === 'serving') client.state |= HAS_OUTPUT
    }
    this.serve(clients)
  }

  /** Continues ending a client if its connection is over. */
  #settle(client: Client): void {
    try {
      this.#ending.follow(client)
      if (client.phase === 'serving') this.#busy.served(client, this.now)
    } catch (error) {
      this.#ending.fail(client, error as Error)
    }
    this.#await(client)
  }

  /** Asks the poller and the deadlines to report what is not possible yet. */
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

  /** The only place that closes a client's descriptor. {@link ClientEnding} calls it once per client. */
  #forget(client: Client): void {
    this.#clients.delete(client)
    this.#deadlines.remove(client)
    this.#busy.forget(client)
    this.#turns.forget(client)
    this.#poller.forget(client.descriptor)
    this.#options.descriptors.close(client.descriptor)
    this.#options.count.leave()
  }
}

/**
 * The time in milliseconds of `performance.now()`, rounded down. V8 stores an integer in the object itself and any
 * other number in a separate object, which would take up cache for each client.
 */
function currentTime(): number {
  return Math.floor(performance.now())
}
