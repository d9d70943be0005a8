import { setTimeout as sleep } from 'node:timers/promises'
import tls from 'node:tls'
import { MeasureError } from '../errors'
import { type Random, seededRandom } from '../statistics/random'
import type { MakeClientProtocol } from './client-protocol'
import { connect } from './connect'
import { type ConnectionOwner, LoadConnection } from './connection'
import { demandOf } from './demand'
import { Inlet } from './inlet'
import type { RunPartOptions } from './load-worker'
import type { LoadPart, LoadPlan } from './plan'
import { requestsFor } from './requests-for'
import { RunningPart } from './running-part'
import type { Tally } from './tally'
import { TallyKeeper } from './tally-keeper'

/** How long a server may take to send its SETTINGS on all connections, in milliseconds. */
const SETTINGS_TIME = 10_000

/** How long to wait before a failed connection is retried, in milliseconds: initially, and at most. */
const FIRST_PAUSE = 10
const LONGEST_PAUSE = 1000

/**
 * How often each of the requests in flight may be refused, on average, while no answer comes. What is refused then counts as
 * errored: it would be sent again without end.
 */
const MOST_REFUSALS = 10

/** Within this time to the next request the event loop spins: timers are exact to a millisecond only. */
const SPIN_TIME = 1.5

/** The connections of a plan, and the part of the load that runs on them. */
export class LoadEngine implements ConnectionOwner {
  readonly #plan: LoadPlan
  readonly #url: URL
  readonly #makeProtocol: MakeClientProtocol
  readonly #random: Random
  readonly #pick: () => number
  readonly #tally = new TallyKeeper()
  readonly #connections = new Set<LoadConnection>()
  /** Pending replacements of connections. Each ends with its part at the latest. */
  readonly #openers = new Set<Promise<void>>()
  #failures = 0
  #tlsCipher: string | null = null
  #run: RunningPart | undefined
  #state: 'open' | 'running' | 'closed' = 'open'
  /** Ends the delay before a part starts. */
  #closing = new AbortController()
  /** Where the next search for room starts, so that all connections get their share. */
  #turn = 0

  private constructor(plan: LoadPlan) {
    this.#plan = plan
    this.#url = new URL(plan.origin)
    this.#makeProtocol = requestsFor(plan)
    this.#random = seededRandom(plan.seed)
    this.#pick = weightedPick(
      plan.requests.map(({ weight }) => weight),
      this.#random,
    )
  }

  /**
   * Opens the connections of a plan.
   *
   * @returns when the server has responded on all of them
   * @throws MeasureError `GENERATOR_FAILED`, or `TIMED_OUT` if that takes too long
   */
  static async connect(plan: LoadPlan): Promise<LoadEngine> {
    const engine = new LoadEngine(plan)
    try {
      await Promise.all(Array.from({ length: plan.connections }, () => engine.#connect()))
      if (plan.httpVersion === 'h2') await engine.#allHeard()
    } catch (error) {
      engine.close()
      throw error
    }
    return engine
  }

  get tlsCipher(): string | null {
    return this.#tlsCipher
  }

  /**
   * Runs a part of the load and waits for the last answers. Only one part runs at a time.
   *
   * @throws Error if another part is running
   */
  async run(part: LoadPart, options: RunPartOptions = {}): Promise<Tally> {
    if (this.#state === 'running') throw new Error('Another part of the load is already running.')
    if (this.#state === 'closed') throw new Error('The connections are closed.')
    this.#state = 'running'
    try {
      return await this.#put(part, options)
    } finally {
      // It may have been closed in the meantime.
      if (this.#state === 'running') this.#state = 'open'
    }
  }

  async #put(part: LoadPart, options: RunPartOptions): Promise<Tally> {
    const { signal, onProgress, progressEvery = 1, delay = 0 } = options
    await this.#reopen()
    if (delay > 0) await this.#wait(delay * 1000, signal)
    const running = new RunningPart(
      demandOf(part, performance.now(), this.#random),
      part.until.kind === 'requests' ? this.#plan.answerTime * 1000 : undefined,
    )
    this.#run = running
    for (const { mostInFlight } of this.#connections) this.#tally.allowed(mostInFlight)
    const progress =
      onProgress === undefined
        ? undefined
        : setInterval(() => onProgress(this.#take(running, 0, 0)), progressEvery * 1000)
    const stop = () => running.stop(performance.now())
    signal?.addEventListener('abort', stop)
    if (signal?.aborted || this.#closing.signal.aborted) stop()
    this.#pump(running)
    await running.settled
    signal?.removeEventListener('abort', stop)
    clearInterval(progress)
    const unanswered = this.#abandonOpen(running)
    this.#run = undefined
    return this.#take(running, running.demand.waiting, unanswered)
  }

  /** Closes all connections. */
  close(): void {
    this.#state = 'closed'
    this.#closing.abort()
    this.#run?.stop(performance.now())
    this.#run?.settle()
    for (const connection of this.#connections) connection.close()
    this.#connections.clear()
  }

  takeDue(now: number): number {
    const running = this.#run
    if (running === undefined) return Number.NaN
    const dueAt = running.demand.take(now)
    if (Number.isNaN(dueAt)) return dueAt
    running.sent(now)
    this.#tally.started()
    return dueAt
  }

  pick(): number {
    return this.#pick()
  }

  onAnswer(status: number, latency: number, now: number): void {
    this.#run?.answered(now)
    this.#tally.answered(status, latency)
  }

  onReset(reason: string, now: number): void {
    this.#run?.reset(now)
    this.#tally.errored(1)
    this.#tally.fault(reason)
  }

  onRefused(dueAt: number, now: number): void {
    const { connections, streams } = this.#plan
    const running = this.#run
    this.#tally.refused()
    if (running !== undefined && running.refused() > MOST_REFUSALS * connections * streams) {
      this.onReset('refused again and again (REFUSED_STREAM)', now)
      return
    }
    this.#tally.takenBack()
    running?.giveBack(dueAt)
  }

  onUnprocessed(dueTimes: readonly number[]): void {
    const running = this.#run
    for (const dueAt of dueTimes) {
      this.#tally.takenBack()
      running?.giveBack(dueAt)
    }
    if (running === undefined || running.demand.isOver(performance.now())) return
    // Those that began to drain when nothing was left to send were not replaced then.
    const missing = this.#plan.connections - this.#connections.size - this.#openers.size
    const needed = Math.min(missing, dueTimes.length)
    for (let opened = 0; opened < needed; opened++) this.#replace(running)
  }

  onFault(reason: string): void {
    this.#tally.fault(reason)
  }

  onBatch(connection: LoadConnection): void {
    const running = this.#run
    if (running === undefined) return
    this.#tally.inFlight(connection.inFlight)
    this.#tally.allowed(connection.mostInFlight)
    // The connection itself may take no more.
    if (running.hasGivenBack) this.#dispatch(performance.now())
    this.#settleIfDone(running)
  }

  onDraining(connection: LoadConnection): void {
    this.#connections.delete(connection)
    const running = this.#run
    if (running === undefined) return
    running.draining.add(connection)
    // A server that accepts connections but answers nothing gets new ones after a delay.
    this.#failures = connection.hasAnswered ? 0 : this.#failures + 1
    if (!running.demand.isOver(performance.now())) this.#replace(running)
  }

  onLost(connection: LoadConnection, open: number): void {
    this.#run?.draining.delete(connection)
    this.#run?.lost(open)
    this.#tally.errored(open)
    if (this.#run !== undefined) this.#settleIfDone(this.#run)
  }

  async #connect(): Promise<LoadConnection> {
    const { httpVersion, streams } = this.#plan
    const inlet = new Inlet()
    const socket = await connect(this.#url, httpVersion, { onread: inlet.onread })
    if (this.#state === 'closed') {
      socket.destroy()
      throw new Error('The connections are closed.')
    }
    if (socket instanceof tls.TLSSocket) {
      this.#tlsCipher = `${socket.getProtocol()} ${socket.getCipher()?.name ?? ''}`.trim()
    }
    const connection = new LoadConnection(socket, this.#makeProtocol, streams, this)
    this.#connections.add(connection)
    inlet.open((octets) => connection.receive(octets))
    return connection
  }

  /**
   * A connection is accepted before a server handles it. An HTTP/2 server then sends its SETTINGS (RFC 9113 section
   * 3.4). An HTTP/1.1 server sends nothing before the first response.
   */
  async #allHeard(): Promise<void> {
    const given = new AbortController()
    const giveUp = async () => {
      await sleep(SETTINGS_TIME, undefined, { signal: given.signal })
      throw new MeasureError('TIMED_OUT', `The server sent no SETTINGS within ${SETTINGS_TIME} ms.`)
    }
    const heard = Promise.all([...this.#connections].map((connection) => connection.heard))
    await Promise.race([heard, giveUp()]).finally(() => given.abort())
  }

  /** Waits until the part is ended or the connections are closed, or for this time at most. */
  async #wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    const closing = this.#closing.signal
    const ended = signal === undefined ? closing : AbortSignal.any([signal, closing])
    await sleep(milliseconds, undefined, { signal: ended }).catch(() => {})
  }

  /** Reopens connections that the server closed since the last part, or too late in it. */
  async #reopen(): Promise<void> {
    await Promise.all(this.#openers)
    const missing = this.#plan.connections - this.#connections.size
    if (missing <= 0 || this.#state === 'closed') return
    await Promise.all(
      Array.from({ length: missing }, async () => {
        await this.#connect()
        this.#tally.reconnected()
      }),
    )
  }

  /** Replaces a connection that has ended. */
  #replace(running: RunningPart): void {
    const open = async () => {
      const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#failures - 1))
      if (this.#failures > 0) await sleep(pause)
      while (this.#run === running && !running.demand.isOver(performance.now())) {
        try {
          const connection = await this.#connect()
          this.#tally.reconnected()
          connection.fill(performance.now())
          return
        } catch (error) {
          this.#failures++
          this.#tally.fault(`no connection: ${(error as Error).message}`)
          await sleep(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures))
        }
      }
    }
    const done = () => {
      this.#openers.delete(opener)
      this.#settleIfDone(running)
    }
    const opener = open().then(done, done)
    this.#openers.add(opener)
  }

  /** Sends due requests and schedules the next call. */
  #pump(running: RunningPart): void {
    if (this.#run !== running) return
    const now = performance.now()
    this.#dispatch(now)
    if (running.isStuck(now) && this.#isWaiting(running, now)) {
      running.stop(now)
      running.settle()
      return
    }
    if (running.demand.isOver(now)) {
      this.#settleIfDone(running)
      return
    }
    const again = () => this.#pump(running)
    const wait = running.demand.nextAt(now) - now
    // Waiting requests are sent when answers arrive. Spinning would take CPU time from them.
    if (running.demand.hasWaiting(now)) setTimeout(again, 1)
    else if (wait <= SPIN_TIME) setImmediate(again)
    // A closed loop is driven by its answers. This detects its end.
    else setTimeout(again, Math.min(wait - 1, 20))
  }

  /** Whether the load waits for the server. */
  #isWaiting({ demand, draining }: RunningPart, now: number): boolean {
    const all = [...this.#connections, ...draining]
    return demand.waiting > 0 || demand.hasWaiting(now) || all.some(({ inFlight }) => inFlight > 0)
  }

  /** Distributes due requests to connections with room, one each in turn, until either is exhausted. */
  #dispatch(now: number): void {
    const connections = [...this.#connections]
    const { length } = connections
    const given = new Set<LoadConnection>()
    for (let full = 0; full < length; this.#turn++) {
      const connection = connections[this.#turn % length]!
      if (connection.hasRoom) {
        const dueAt = this.takeDue(now)
        if (Number.isNaN(dueAt)) break
        connection.queue(dueAt)
        given.add(connection)
        full = 0
      } else {
        full++
      }
    }
    for (const connection of given) {
      connection.flush()
      this.#tally.inFlight(connection.inFlight)
    }
  }

  #settleIfDone(running: RunningPart): void {
    const now = performance.now()
    if (!running.demand.isOver(now)) return
    if (running.state === 'sending') {
      this.#dispatch(now)
      running.waitForAnswers(this.#plan.answerTime * 1000, now)
    }
    const all = [...this.#connections, ...running.draining]
    if (all.every(({ inFlight }) => inFlight === 0)) running.settle()
  }

  /** Abandons open requests. Their connections would mix old answers with new ones. */
  #abandonOpen({ draining }: RunningPart): number {
    let unanswered = 0
    for (const connection of [...this.#connections, ...draining]) {
      if (connection.inFlight === 0) continue
      unanswered += connection.inFlight
      this.#connections.delete(connection)
      connection.close()
    }
    return unanswered
  }

  #take(running: RunningPart, unsent: number, unanswered: number): Tally {
    // If answers are missing, a fixed number of requests took until now. The rate must not be that of an earlier,
    // better time.
    const isIncomplete = running.isCounted && unsent + unanswered > 0
    const { seconds, cpu } = running.lap(isIncomplete ? performance.now() : 0)
    return this.#tally.take({ seconds, cpu, unsent, unanswered })
  }
}

/** Chooses requests of the plan by weight. */
function weightedPick(weights: readonly number[], random: Random): () => number {
  if (weights.length === 1) return () => 0
  const sum = weights.reduce((all, one) => all + one, 0)
  return () => {
    let rest = random() * sum
    for (const [index, weight] of weights.entries()) {
      rest -= weight
      if (rest < 0) return index
    }
    return weights.length - 1
  }
}
