import type { OctetVector } from '@h2lab/octets'
import type { Connection, ConnectionState } from '../connection'
import type { ConnectionError } from '../errors'
import { FrameReceiver } from '../frame/frame-receiver'
import { ConnectionCore } from './connection-core'
import { Deadlines } from './deadlines'
import type { Http2Options } from './options'
import { FrameInput } from './receive/frame-input'
import { pumpBodies } from './send/bodies'
import { closeIfDone } from './stream-ends'
import { announceConnection } from './window-credit'

/**
 * The server side of HTTP/2, all of RFC 9113, with an application.
 *
 * Data flows in one direction: the receiver finds frames, a function for each frame type changes
 * the streams, the handler responds, and its response becomes frames in the output.
 */
export class Http2Connection implements Connection {
  onOutputReady?: () => void

  readonly #core: ConnectionCore
  readonly #input: FrameInput
  readonly #receiver: FrameReceiver
  readonly #deadlines: Deadlines
  /** The peer has ended its side, but some of its input is still held. */
  #inputEnded = false

  /**
   * @param options shared by all connections of a server, from `toHttp2Options`
   * @param now the time in milliseconds, on the clock of {@link tick}
   */
  constructor(options: Http2Options, now: number) {
    this.#core = new ConnectionCore(options, now, this)
    this.#input = new FrameInput(this.#core)
    this.#receiver = new FrameReceiver(this.#input, 'from client')
    this.#deadlines = new Deadlines(this.#core, this.#receiver, this.#input.blocks)
  }

  get state(): ConnectionState {
    return this.#core.goingAway.state
  }

  get error(): ConnectionError | undefined {
    return this.#core.goingAway.error
  }

  get holdsInput(): boolean {
    return this.#receiver.isPaused
  }

  get awaitsTurn(): boolean {
    const { work, streams, goingAway } = this.#core
    return work.isSpent && !goingAway.isClosed && (this.#receiver.isPaused || streams.hasWaiting)
  }

  get deadline(): number {
    return this.#deadlines.next()
  }

  get idle(): boolean {
    const { output, waits, streams } = this.#core
    if (output.length > 0 || waits.awaitsHeaderBlock || this.#receiver.isPaused) return false
    for (const stream of streams) if (!stream.endedEarly) return false
    return true
  }

  receive(octets: OctetVector): void {
    if (octets.length === 0) return
    const { ownerCall, options, work } = this.#core
    ownerCall.begin()
    try {
      options.date?.expire()
      this.#receiver.receive(octets)
      this.#dropInputIfClosed()
      this.#deadlines.onInput(octets.length)
      this.#core.settleMemory()
    } finally {
      work.end()
      ownerCall.end()
    }
  }

  get nearsTurnEnd(): boolean {
    return this.#core.work.isHalfSpent
  }

  beginTurn(): void {
    if (!this.awaitsTurn) this.#core.work.begin()
  }

  takeTurn(): void {
    const { ownerCall, work } = this.#core
    ownerCall.begin()
    try {
      work.begin()
      this.#goOn()
      closeIfDone(this.#core)
      this.#dropInputIfClosed()
      this.#core.settleMemory()
    } finally {
      work.end()
      ownerCall.end()
    }
  }

  takeOutput(): OctetVector | undefined {
    const { ownerCall, output, abuse, work } = this.#core
    ownerCall.begin()
    try {
      pumpBodies(this.#core)
      announceConnection(this.#core)
      const run = output.take()
      abuse.onOutputTaken()
      if (run !== undefined) {
        this.#core.outputTaken()
        this.#deadlines.onOutput(run.length)
      }
      this.#goOn()
      closeIfDone(this.#core)
      this.#dropInputIfClosed()
      this.#core.settleMemory()
      return run
    } finally {
      work.end()
      ownerCall.end()
    }
  }

  giveBack(run: OctetVector): void {
    this.#core.output.giveBack(run)
  }

  tick(now: number): void {
    const { ownerCall, options } = this.#core
    this.#core.setNow(now)
    options.memory.tick()
    if (now < this.#deadlines.next()) return
    ownerCall.begin()
    try {
      options.date?.expire()
      this.#deadlines.serve()
      closeIfDone(this.#core)
      this.#dropInputIfClosed()
    } finally {
      ownerCall.end()
    }
  }

  drain(): void {
    const core = this.#core
    if (core.goingAway.isClosed) return
    if (this.#receiver.prefaceComplete) core.goingAway.announce(core.now)
    else this.#closeBeforePreface()
  }

  endInput(): void {
    this.#deadlines.onInputEnded()
    if (this.#receiver.isPaused) this.#inputEnded = true
    else this.#endInput()
  }

  abandon(): void {
    this.#receiver.clear()
    this.#core.lose()
    this.#input.blocks.clear()
    this.#core.output.clear()
  }

  /** Output was taken, or it is our turn: continues the requests and the input that waited for it. */
  #goOn(): void {
    const { streams, options } = this.#core
    if (!streams.hasWaiting && !this.#receiver.isPaused) return
    options.date?.expire()
    if (streams.hasWaiting) this.#input.blocks.requests.callWaitingHandlers()
    if (!this.#receiver.isPaused) return
    this.#receiver.resume()
    this.#deadlines.onHeldInput()
    if (this.#inputEnded && !this.#receiver.isPaused) this.#endInput()
  }

  /** An incomplete header block would keep its memory and keep the connection busy. */
  #dropInputIfClosed(): void {
    if (this.#core.goingAway.isClosed) this.#input.blocks.clear()
  }

  /** No more requests can arrive, and incomplete ones can't be completed. */
  #endInput(): void {
    const core = this.#core
    if (core.goingAway.isClosed) return
    if (!this.#receiver.prefaceComplete) {
      this.#closeBeforePreface()
      return
    }
    for (const stream of [...core.streams]) core.streams.drop(stream, 'lose input')
    core.goingAway.nameLastStream()
    closeIfDone(core)
  }

  /** No request can be in flight yet. */
  #closeBeforePreface(): void {
    this.#core.sendPreface()
    this.#core.close()
  }
}
