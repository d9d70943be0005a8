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
 * How long the loop serves clients before it runs Node's event loop, in milliseconds. Timers may be this late. A turn
 * of Node's loop takes a system call and several microseconds, which matters with a few clients that send one request
 * at a time.
 */
const LONGEST_WITHOUT_NODE = 1

/** The options of an {@link AsyncLoop}. */
export interface AsyncLoopOptions extends AcceptorOptions, ClientServiceOptions {
  /** Whether to wait for more clients when few of many are ready, see {@link Gathering}. */
  readonly gather: boolean
  /** Called for each new client. */
  readonly onClient: () => void
  /** Called when the loop has ended: no client is left and the listener is closed. */
  readonly onEnd: () => void
}

/**
 * The event loop of one thread over the descriptors of its clients.
 *
 * A turn waits for descriptors, including the one of Node's event loop, runs the actions that have become possible,
 * and runs the promise callbacks that handlers have queued. Turns repeat until Node's loop has work, but for at most
 * a millisecond. Then Node's loop runs its timers and sockets.
 */
export class AsyncLoop {
  readonly #options: AsyncLoopOptions
  readonly #poller: Poller
  readonly #clients: ClientService
  readonly #node: NodeLoop
  readonly #acceptor: Acceptor
  readonly #gathering: Gathering | undefined
  /** The number of descriptors reported by the last wait. */
  #reported = 0
  #state: 'serving' | 'draining' | 'ended' = 'serving'
  #next: NodeJS.Immediate | undefined
  /** Keeps the thread alive. Without a live handle, Node's loop reports a timeout of 0. */
  readonly #alive = setInterval(() => {}, LONGEST_TIMER)

  constructor(options: AsyncLoopOptions) {
    this.#options = options
    this.#poller = options.poller
    this.#gathering = options.gather ? new Gathering() : undefined
    this.#node = findNodeLoop()
    this.#clients = new ClientService(options)
    this.#acceptor = new Acceptor(options, this.#poller, (descriptor, peer) => {
      options.onClient()
      this.#clients.add(descriptor, peer)
    })
    if (this.#node.descriptor !== undefined) this.#poller.add(this.#node.descriptor, POLL_IN)
  }

  /** Starts serving. */
  start(): void {
    this.#next = setImmediate(this.#turn)
  }

  /** Stops accepting clients and lets the existing ones finish their requests. */
  drain(): void {
    if (this.#state !== 'serving') return
    this.#state = 'draining'
    this.#acceptor.stop()
    this.#clients.setTime()
    this.#clients.drain()
    this.#endIfEmpty()
  }

  /** Ends all clients at once. Does nothing the second time. */
  kill(): void {
    if (this.#state === 'ended') return
    this.#acceptor.stop()
    this.#clients.kill()
    this.#endIfEmpty()
  }

  /** Ends all clients at once, because the thread is about to end. New ones wait for the thread that replaces it. */
  abandonClients(): void {
    if (this.#state !== 'ended') this.#clients.kill()
  }

  readonly #turn = (): void => {
    const { callsHandlers } = this.#options.newConnection
    const end = performance.now() + LONGEST_WITHOUT_NODE
    const next = setImmediate(this.#turn)
    this.#next = next
    // A pending immediate counts as work of Node's loop. This one must not count while the loop's timeout is read.
    next.unref()
    try {
      let nodeTimeout = this.#askNode()
      while (this.#waitAndServe(nodeTimeout) === 'go on' && this.#clients.now < end) {
        if (callsHandlers) nodeTimeout = this.#askNode()
      }
    } finally {
      // A callback of the application may have thrown without ending the process.
      next.ref()
    }
  }

  /**
   * Runs the promise and nextTick callbacks queued by handlers, which may produce output, timers and further
   * callbacks. Without handlers there are none.
   *
   * @returns as {@link NodeLoop.timeout}
   */
  #askNode(): number {
    this.#node.runTicks?.()
    return this.#node.timeout()
  }

  /**
   * Waits for descriptors and runs the actions that have become possible.
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
    clients.beginTurn()
    clients.observed = isObserved()
    let isNodesTurn = nodeTimeout === 0 || this.#node.runTicks === undefined
    // A new array each turn. Clearing an array frees its memory, which costs more.
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
    if (clients.hasWaiting) clients.serveWaiting()
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
   * How long to wait: until the next deadline or timer, or not at all if there is work now.
   *
   * @param nodeTimeout as {@link NodeLoop.timeout}
   */
  #timeout(nodeTimeout: number): number {
    if (this.#clients.hasWoken || this.#clients.hasWaiting || nodeTimeout === 0) return 0
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
