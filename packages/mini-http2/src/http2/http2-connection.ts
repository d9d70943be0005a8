import type { OctetVector } from '@h2lab/octets'
import type { Connection, ConnectionState } from '../connection'
import type { ConnectionError } from '../errors'
import { FrameReceiver } from '../frame/frame-receiver'
import { ConnectionCore } from './connection-core'
import { Deadlines } from './limits/deadlines'
import type { Http2Options } from './options'
import { callWaitingHandlers } from './receive/receive-request'
import { beginDrain } from './send/drain'
import { endedEarly } from './send/early-response'
import { pumpBodies } from './send/send-body'

/**
 * The server side of HTTP/2, RFC 9113 whole, with an application behind it.
 *
 * Octets go one way: the receiver finds frames, a function for each type of them changes the
 * streams, the handler answers, and what it says becomes frames in the output.
 */
export class Http2Connection implements Connection {
  onOutputReady?: () => void

  readonly #core: ConnectionCore
  readonly #receiver: FrameReceiver
  readonly #deadlines: Deadlines
  /** Whether the owner will be told of output. */
  #announced = false
  /** The peer has ended its side, but some of its input is still held. */
  #inputEnded = false

  /**
   * @param options shared by all connections of a server, from `toHttp2Options`
   * @param now the time in milliseconds, on the clock of {@link tick}
   */
  constructor(options: Http2Options, now: number) {
    this.#core = new ConnectionCore(options, now)
    this.#core.onOutput = () => this.#announceOutput()
    this.#receiver = new FrameReceiver(this.#core, 'from client')
    this.#deadlines = new Deadlines(this.#core, this.#receiver)
  }

  get state(): ConnectionState {
    return this.#core.state
  }

  get error(): ConnectionError | undefined {
    return this.#core.error
  }

  get holdsInput(): boolean {
    return this.#receiver.holds
  }

  get deadline(): number {
    return this.#deadlines.next()
  }

  get idle(): boolean {
    const { output, awaitsHeaderBlock, streams } = this.#core
    if (output.length > 0 || awaitsHeaderBlock || this.#receiver.holds) return false
    for (const stream of streams) if (!endedEarly(stream)) return false
    return true
  }

  receive(octets: OctetVector): void {
    if (octets.length === 0) return
    this.#core.busy = true
    this.#core.options.date?.expire()
    this.#receiver.receive(octets)
    this.#deadlines.onInput(octets.length)
    this.#core.busy = false
  }

  takeOutput(): OctetVector | undefined {
    const core = this.#core
    core.busy = true
    pumpBodies(core)
    const run = core.output.take()
    core.waitingAcknowledgements = 0
    if (run !== undefined) this.#deadlines.onOutput(run.length)
    if (core.waiting !== undefined) {
      core.options.date?.expire()
      callWaitingHandlers(core, core.waiting)
    }
    if (this.#receiver.holds) this.#goOn()
    core.closeIfDrained()
    core.busy = false
    return run
  }

  giveBack(run: OctetVector): void {
    this.#core.output.giveBack(run)
  }

  tick(now: number): void {
    this.#core.now = now
    if (now < this.#deadlines.next()) return
    this.#core.busy = true
    this.#core.options.date?.expire()
    this.#deadlines.serve()
    this.#core.closeIfDrained()
    this.#core.busy = false
  }

  drain(): void {
    if (this.#core.state === 'closed') return
    if (!this.#receiver.prefaceComplete) {
      this.#closeBeforePreface()
      return
    }
    beginDrain(this.#core)
    this.#deadlines.onDrain()
  }

  endInput(): void {
    this.#deadlines.onInputEnded()
    if (this.#receiver.holds) this.#inputEnded = true
    else this.#endInput()
  }

  abandon(): void {
    this.#receiver.clear()
    this.#core.endStreams()
    this.#core.output.clear()
  }

  #goOn(): void {
    this.#receiver.goOn()
    this.#deadlines.onHeldInput()
    if (this.#inputEnded && !this.#receiver.holds) this.#endInput()
  }

  /** No request comes any more, and those that aren't complete never will be. */
  #endInput(): void {
    const core = this.#core
    if (core.state === 'closed') return
    if (!this.#receiver.prefaceComplete) {
      this.#closeBeforePreface()
      return
    }
    for (const stream of [...core.streams]) {
      if (stream.state !== 'open' && stream.state !== 'half-closed (local)') continue
      stream.state = 'closed'
      core.abandon(stream)
    }
    core.sendFinalGoaway()
    core.closeIfDrained()
  }

  /** No request can be on its way yet. */
  #closeBeforePreface(): void {
    this.#core.sendPreface()
    this.#core.close()
  }

  /** Once for all that is sent in one turn of the event loop. */
  #announceOutput(): void {
    if (this.#announced || this.onOutputReady === undefined) return
    this.#announced = true
    queueMicrotask(() => {
      this.#announced = false
      this.onOutputReady?.()
    })
  }
}
