import { performance } from 'node:perf_hooks'
import { LONGEST_TIMER } from '@h2lab/mini-http2/server'
import { POLL_IN } from '@h2lab/tls-context/native'
import type { Client } from '../client/client'
import { processClientFd } from '../client/process-client'
import { isObserved } from '../diagnostics'
import type { Poller } from '../poller/poller'
import { Acceptor, type AcceptorOptions } from './acceptor'
import { ClientService, type ClientServiceOptions } from './client-service'
import { Gathering } from './gathering'
import { findNodeLoop, type NodeLoop } from './node-loop'

/**
 * How long clients are served before it is Node's turn, in milliseconds: as late timers may be. A turn of Node's loop
 * is a system call and several microseconds, which a few clients with one request each would feel.
 */
const LONGEST_WITHOUT_NODE = 1

/** What an {@link AsyncLoop} is made of. */
export interface AsyncLoopOptions extends AcceptorOptions, ClientServiceOptions {
  /** Whether few of many clients wait for others, see {@link Gathering}. */
  readonly gather: boolean
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
export class AsyncLoop {
  readonly #options: AsyncLoopOptions
  readonly #poller: Poller
  readonly #clients: ClientService
  readonly #node: NodeLoop
  readonly #acceptor: Acceptor
  readonly #gathering: Gathering | undefined
  /** How many descriptors the last wait has reported. */
  #reported = 0
  #state: 'serving' | 'draining' | 'ended' = 'serving'
  #next: NodeJS.Immediate | undefined
  /** Keeps the thread alive, and Node's loop willing to wait: one without anything alive says "not at all". */
  readonly #alive = setInterval(() => {}, LONGEST_TIMER)

  constructor(options: AsyncLoopOptions) {
    this.#options = options
    this.#poller = options.poller
    this.#gathering = options.gather ? new Gathering() : undefined
    this.#node = findNodeLoop()
    this.#clients = new ClientService(options)
    this.#acceptor = new Acceptor(options, this.#poller, (descriptor, peer) =>
      this.#clients.add(descriptor, peer),
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
    this.#acceptor.stop()
    this.#clients.setTime()
    this.#clients.drain()
    this.#endIfEmpty()
  }

  /** Ends everything at once. May be called again. */
  kill(): void {
    if (this.#state === 'ended') return
    this.#acceptor.stop()
    this.#clients.kill()
    this.#endIfEmpty()
  }

  readonly #turn = (): void => {
    const { callsHandlers } = this.#options.newConnection
    const end = performance.now() + LONGEST_WITHOUT_NODE
    const next = setImmediate(this.#turn)
    this.#next = next
    // As long as an immediate is to run, Node's loop has work: this one doesn't count while the loop is asked.
    next.unref()
    try {
      let nodeTimeout = this.#askNode()
      while (this.#waitAndServe(nodeTimeout) === 'go on' && this.#clients.now < end) {
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
   * Waits for descriptors, and does what has become possible.
   *
   * @param nodeTimeout as {@link NodeLoop.timeout}
   */
  #waitAndServe(nodeTimeout: number): 'go on' | 'let Node' {
    const poller = this.#poller
    const clients = this.#clients
    const timeout = this.#timeout(nodeTimeout)
    if (timeout !== 0) this.#gathering?.gather(this.#reported, clients.now)
    const count = poller.wait(timeout)
    this.#reported = count
    clients.setTime()
    clients.observed = isObserved()
    let isNodesTurn = nodeTimeout === 0 || this.#node.runTicks === undefined
    // A new array each time: one that is made empty gives its memory back, which costs more.
    const reported: Client[] = []
    for (let index = 0; index < count; index++) {
      const descriptor = poller.descriptor(index)
      const client = clients.get(descriptor)
      if (client !== undefined) this.#addReported(client, poller.reported(index), reported)
      else if (descriptor === this.#options.listener) this.#acceptor.accept(clients.now)
      else isNodesTurn = true
    }
    clients.serve(reported)
    if (clients.hasWoken) clients.serveWoken()
    this.#acceptor.tick(clients.now)
    clients.serveDue()
    this.#endIfEmpty()
    return isNodesTurn || this.#state === 'ended' ? 'let Node' : 'go on'
  }

  #addReported(client: Client, events: number, reported: Client[]): void {
    this.#gathering?.count(client)
    try {
      processClientFd(client, events)
      reported.push(client)
    } catch (error) {
      this.#clients.fail(client, error as Error)
    }
  }

  /**
   * How long to wait: until the next deadline or timer, and not at all if anything is to be done now.
   *
   * @param nodeTimeout as {@link NodeLoop.timeout}
   */
  #timeout(nodeTimeout: number): number {
    if (this.#clients.hasWoken || nodeTimeout === 0) return 0
    const earliest = Math.min(this.#clients.deadline, this.#acceptor.deadline)
    if (earliest === Number.POSITIVE_INFINITY) return nodeTimeout
    const own = Math.max(0, earliest - performance.now())
    return nodeTimeout < 0 ? own : Math.min(own, nodeTimeout)
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
