import { performance } from 'node:perf_hooks'
import type { ConnectionFactory } from '@h2lab/mini-http2'
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
import { doAvailableActions, processClientFd } from '../client/process-client'
import { isObserved } from '../diagnostics'
import type { Poller } from '../poller/poller'
import { Acceptor, type AcceptorOptions } from './acceptor'
import { ClientEnding, handshakeTimeout } from './client-ending'
import { Deadlines } from './deadlines'
import { Gathering } from './gathering'
import { LoopClients } from './loop-clients'
import { findNodeLoop, type NodeLoop } from './node-loop'

/** The longest time that a timer of Node takes, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * How long clients are served before it is Node's turn, in milliseconds: as late timers may be. A turn of Node's loop
 * is a system call and several microseconds, which a few clients with one request each would feel.
 */
const LONGEST_WITHOUT_NODE = 1

/** What an {@link AsyncLoop} is made of. */
export interface AsyncLoopOptions extends AcceptorOptions {
  readonly poller: Poller
  readonly newConnection: ConnectionFactory
  /** Whether few of many clients wait for others, see {@link Gathering}. */
  readonly gather: boolean
  /** Undefined: without TLS. */
  readonly tls: NativeTlsContext | undefined
  /** In milliseconds. */
  readonly handshakeTimeout: number
  /** The loop is over: no client is left, and the listener closed. */
  readonly onEnd: () => void
}

/**
 * The loop of one thread over all its clients' descriptors.
 *
 * A turn waits for descriptors, Node's own loop among them, does what has become possible, runs the promises that
 * handlers have made, and goes on so until Node's loop has something to do, but no longer than a millisecond. Then it
 * is Node's turn, for its timers and sockets; then the next.
 */
export class AsyncLoop implements ActionContext {
  now = currentTime()
  observed = false
  readonly readBuffer = new NativeOctets(READ_LENGTH)
  readonly plainBuffer = new NativeOctets(READ_LENGTH)
  readonly encryptBuffer = new NativeOctets(ENCRYPT_LENGTH)
  readonly writeBuffer = new NativeOctets(WRITE_BUFFER_LENGTH)

  readonly #options: AsyncLoopOptions
  readonly #poller: Poller
  readonly #clients = new LoopClients()
  readonly #deadlines = new Deadlines<Client>()
  readonly #node: NodeLoop
  readonly #acceptor: Acceptor
  readonly #ending: ClientEnding
  readonly #gathering: Gathering | undefined
  /** How many descriptors the last wait has reported. */
  #reported = 0
  /** Clients whose handlers have produced output since the last turn. */
  #woken: Client[] = []
  #state: 'serving' | 'draining' | 'ended' = 'serving'
  #next: NodeJS.Immediate | undefined
  /** Keeps the thread alive, and Node's loop willing to wait: one without anything alive says "not at all". */
  readonly #alive = setInterval(() => {}, LONGEST_TIMER)

  constructor(options: AsyncLoopOptions) {
    this.#options = options
    this.#poller = options.poller
    this.#gathering = options.gather ? new Gathering() : undefined
    this.#node = findNodeLoop()
    this.#ending = new ClientEnding(this, options.onFault, (client) => this.#forget(client))
    this.#acceptor = new Acceptor(options, this.#poller, (descriptor, peer) =>
      this.#addClient(descriptor, peer),
    )
    if (this.#node.descriptor !== undefined) this.#poller.add(this.#node.descriptor, POLL_IN)
  }

  /** Begins to serve. */
  start(): void {
    this.#next = setImmediate(this.#turn)
  }

  /** Accepts no more clients, and lets those that are there finish what they have begun. */
  drain(): void {
    if (this.#state !== 'serving') return
    this.#state = 'draining'
    this.now = currentTime()
    this.#acceptor.stop()
    const clients = this.#clients.all()
    for (const client of clients) client.connection?.drain()
    this.#serveOutput(clients)
    this.#endIfEmpty()
  }

  /** Ends everything at once. May be called again. */
  kill(): void {
    if (this.#state === 'ended') return
    this.#acceptor.stop()
    for (const client of this.#clients.all()) this.#ending.close(client)
    this.#endIfEmpty()
  }

  /** A client without TLS, or whose handshake is done, gets its connection. */
  admit(client: Client): void {
    const connection = this.#options.newConnection(this.now)
    connection.onOutputReady = () => this.#wake(client)
    client.connection = connection
    client.phase = 'serving'
    client.state |= HAS_OUTPUT
    if (this.#state === 'draining') connection.drain()
  }

  /** A client is lost: what it is told is sent, and waited for. */
  fail(client: Client, error: Error): void {
    this.#ending.fail(client, error)
    this.#await(client)
  }

  /** Hot path. */
  readonly #turn = (): void => {
    const { callsHandlers } = this.#options.newConnection
    const end = performance.now() + LONGEST_WITHOUT_NODE
    const next = setImmediate(this.#turn)
    this.#next = next
    // As long as an immediate is to run, Node's loop has work: this one doesn't count while the loop is asked.
    next.unref()
    try {
      let nodeTimeout = this.#askNode()
      while (this.#waitAndServe(nodeTimeout) === 'go on' && this.now < end) {
        if (callsHandlers) nodeTimeout = this.#askNode()
      }
    } finally {
      // A callback of the application may have thrown, and the process may live on.
      next.ref()
    }
  }

  /**
   * Runs what handlers have left for a promise or a tick: it may make output, timers, and more of its kind. Without
   * handlers nothing is left.
   *
   * @returns as {@link NodeLoop.timeout}
   */
  #askNode(): number {
    this.#node.runTicks?.()
    return this.#node.timeout()
  }

  /**
   * Hot path. Waits for descriptors, and does what has become possible.
   *
   * @param nodeTimeout as {@link NodeLoop.timeout}
   */
  #waitAndServe(nodeTimeout: number): 'go on' | 'let Node' {
    const poller = this.#poller
    const timeout = this.#timeout(nodeTimeout)
    if (timeout !== 0) this.#gathering?.gather(this.#reported, this.now)
    const count = poller.wait(timeout)
    this.#reported = count
    this.now = currentTime()
    this.observed = isObserved()
    let isNodesTurn = nodeTimeout === 0 || this.#node.runTicks === undefined
    // A new array each time: one that is made empty gives its memory back, which costs more.
    const clients: Client[] = []
    for (let index = 0; index < count; index++) {
      const descriptor = poller.descriptor(index)
      const client = this.#clients.get(descriptor)
      if (client !== undefined) this.#addReported(client, poller.reported(index), clients)
      else if (descriptor === this.#options.listener) this.#acceptor.accept(this.now)
      else isNodesTurn = true
    }
    this.#serve(clients)
    if (this.#woken.length > 0) this.#serveWoken()
    this.#serveDue()
    this.#endIfEmpty()
    return isNodesTurn || this.#state === 'ended' ? 'let Node' : 'go on'
  }

  /** Hot path. */
  #addReported(client: Client, reported: number, clients: Client[]): void {
    this.#gathering?.count(client)
    try {
      processClientFd(client, reported)
      clients.push(client)
    } catch (error) {
      this.fail(client, error as Error)
    }
  }

  /**
   * How long to wait: until the next deadline or timer, and not at all if anything is to be done now.
   *
   * @param nodeTimeout as {@link NodeLoop.timeout}
   */
  #timeout(nodeTimeout: number): number {
    if (this.#woken.length > 0 || nodeTimeout === 0) return 0
    const earliest = Math.min(this.#deadlines.earliest, this.#acceptor.deadline)
    if (earliest === Number.POSITIVE_INFINITY) return nodeTimeout
    const own = Math.max(0, earliest - performance.now())
    return nodeTimeout < 0 ? own : Math.min(own, nodeTimeout)
  }

  /** Output of handlers: all that a client's handlers have produced since the last turn is one batch. */
  #wake(client: Client): void {
    if (client.woken) return
    client.woken = true
    this.#woken.push(client)
  }

  #serveWoken(): void {
    const woken = this.#woken
    this.#woken = []
    for (const client of woken) client.woken = false
    this.#serveOutput(woken)
  }

  #serveDue(): void {
    this.#acceptor.tick(this.now)
    for (;;) {
      const client = this.#deadlines.takeDue(this.now)
      if (client === undefined) return
      if (client.deadline > this.now) this.#deadlines.schedule(client, client.deadline)
      else if (client.phase === 'serving') {
        client.connection?.tick(this.now)
        this.#serveOutput([client])
      } else if (client.phase === 'handshake') this.fail(client, handshakeTimeout())
      else this.#ending.close(client)
    }
  }

  /** Hot path. Does all that can be done for these clients now. Whatever goes wrong for one is its own fault. */
  #serve(clients: readonly Client[]): void {
    doAvailableActions(clients, this)
    for (const client of clients) this.#settle(client)
  }

  /** Serves clients whose connections have made output that the poller doesn't know about. */
  #serveOutput(clients: readonly Client[]): void {
    for (const client of clients) {
      if (client.phase === 'serving') client.state |= HAS_OUTPUT
    }
    this.#serve(clients)
  }

  /** Hot path. Goes on with the end of a client, if it is at its end. */
  #settle(client: Client): void {
    try {
      this.#ending.follow(client)
    } catch (error) {
      this.#ending.fail(client, error as Error)
    }
    this.#await(client)
  }

  /** Hot path. What isn't possible yet has to be reported, by the poller or by the clock. */
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

  #addClient(descriptor: number, peer: string): void {
    const { tls, handshakeTimeout: time } = this.#options
    const connection = tls === undefined ? undefined : new MemoryTlsConnection(tls)
    const client = new Client(descriptor, peer, connection, this.now)
    client.phaseDeadline = this.now + time
    this.#poller.addClient(descriptor)
    this.#clients.add(client)
    if (tls === undefined) this.admit(client)
    this.#serve([client])
  }

  /** The one place where a client's descriptor is given back; once, as {@link ClientEnding} sees to. */
  #forget(client: Client): void {
    this.#clients.delete(client)
    this.#deadlines.remove(client)
    this.#poller.forget(client.descriptor)
    this.#options.descriptors.close(client.descriptor)
    this.#options.count.leave()
  }

  #endIfEmpty(): void {
    if (this.#state === 'ended' || !this.#acceptor.stopped || this.#clients.size > 0) return
    this.#state = 'ended'
    clearImmediate(this.#next)
    clearInterval(this.#alive)
    this.#poller.close()
    this.#options.onEnd()
  }
}

/**
 * The time in milliseconds of `performance.now()`, rounded down: V8 keeps a whole number in the object whose property
 * it is, and any other in an object of its own, which is one more thing for each client to be in the cache.
 */
function currentTime(): number {
  return Math.floor(performance.now())
}
