import { OutputBuffer } from '@h2lab/octets'
import { ConnectionError } from '../errors'
import type { FrameFault } from '../frame/frame-fault'
import { INITIAL_WINDOW_SIZE, Windows } from './flow-control'
import { GoingAway } from './going-away'
import { AbuseLimits } from './limits/abuse-limits'
import { ConnectionMemory, type MemoryHolder } from './limits/memory'
import { Pace } from './limits/pace'
import { Waits } from './limits/waits'
import { Work } from './limits/work'
import type { Http2Options } from './options'
import { type OutputListener, OwnerCall } from './owner-call'
import { Heads } from './send/heads'
import { OwnSettings, PeerSettings } from './settings'
import { StreamTable } from './streams/stream-table'

/** Less output than this, in octets, isn't worth counting: most connections have none between two calls. */
const LEAST_OUTPUT = 16_384

/**
 * Groups the owners of a connection's state for the functions that receive and send frames. Its
 * only own state is the time, and whether output was taken.
 */
export class ConnectionCore implements MemoryHolder {
  readonly options: Http2Options
  readonly limits: Http2Options['limits']
  readonly output = new OutputBuffer()
  readonly ownerCall: OwnerCall
  readonly peer = new PeerSettings()
  readonly own: OwnSettings
  readonly memory: ConnectionMemory
  readonly streams: StreamTable
  /** The flow-control windows of the whole connection. */
  readonly windows: Windows
  /** Limits on what the client may do only so often. */
  readonly abuse: AbuseLimits
  readonly waits = new Waits()
  /** How fast the client takes what waits for its windows. */
  readonly taking: Pace
  /** How fast it sends bodies whose length it has announced. */
  readonly sending: Pace
  readonly work: Work
  readonly goingAway: GoingAway
  /** Sends HEADERS. */
  readonly heads: Heads
  #now: number
  /** Whether the owner has taken any output: the server's SETTINGS, before all else. */
  #prefaceTaken = false

  /**
   * @param now in milliseconds
   * @param listener notified of output that appears outside the owner's calls
   */
  constructor(options: Http2Options, now: number, listener: OutputListener) {
    const { limits } = options
    this.options = options
    this.limits = limits
    this.#now = now
    this.taking = new Pace(limits.minDataRate)
    this.sending = new Pace(limits.minDataRate)
    this.work = new Work(options.clock)
    this.memory = new ConnectionMemory(options.memory, limits.maxConnectionMemory)
    this.streams = new StreamTable(this.memory)
    this.goingAway = new GoingAway(this.output, this.streams, this.waits)
    this.ownerCall = new OwnerCall(listener)
    this.own = new OwnSettings(limits.streamWindowSize)
    const receiveWindow = Math.max(limits.connectionWindowSize, INITIAL_WINDOW_SIZE)
    this.windows = new Windows(INITIAL_WINDOW_SIZE, receiveWindow)
    this.abuse = new AbuseLimits(limits, this)
    this.heads = new Heads(this.output, this.peer, this.ownerCall, options.date)
    options.memory.enter(this)
  }

  /** The time in milliseconds, as last set by the owner. */
  get now(): number {
    return this.#now
  }

  setNow(now: number): void {
    this.#now = now
  }

  /** Whether handlers of new requests must wait because too much output is pending. */
  get handlersWait(): boolean {
    return this.output.length > this.limits.maxWaitingOutput
  }

  /** SETTINGS must be the first frame, even if the connection fails: RFC 9113 section 3.4. */
  sendPreface(): void {
    this.output.append(this.options.preface)
  }

  /** The owner has taken output. */
  outputTaken(): void {
    this.#prefaceTaken = true
  }

  /** Closes the connection if there is a fault, RFC 9113 section 5.4.1. */
  failIf(fault: FrameFault | undefined): void {
    if (fault !== undefined) this.fail(fault.code, fault.message)
  }

  fail(code: FrameFault['code'], message: string): void {
    this.close(new ConnectionError(code, message))
  }

  /**
   * Ends the connection with GOAWAY, and all its streams.
   *
   * @param error the client's fault, if that is the reason
   */
  close(error?: ConnectionError): void {
    if (this.goingAway.isClosed) return
    this.goingAway.close(error)
    this.#endStreams()
  }

  /** The connection is lost: notifies all requests that the client has gone. */
  lose(): void {
    this.goingAway.end()
    this.#endStreams()
    this.memory.setOutput(0)
    this.options.memory.leave(this)
    this.options.memory.balance()
  }

  /** What the client makes us hold, in bytes. */
  get total(): number {
    return this.memory.total
  }

  /** The client makes the server hold most of all, and the server has too little memory. */
  endForMemory(): void {
    // The client has not taken it, and will not.
    this.output.clear()
    if (!this.#prefaceTaken) this.sendPreface()
    this.fail(
      'ENHANCE_YOUR_CALM',
      'The server is out of memory, and this client makes it hold most.',
    )
    this.memory.setOutput(0)
    this.ownerCall.announceOutput()
  }

  onRoom(): void {
    this.ownerCall.announceOutput()
  }

  /** Work is done: counts the output that waits, and lets the server see to its memory. */
  settleMemory(): void {
    const { length } = this.output
    this.memory.setOutput(length > LEAST_OUTPUT ? length : 0)
    this.options.memory.balance()
  }

  #endStreams(): void {
    for (const stream of [...this.streams]) this.streams.drop(stream, 'lose connection')
  }
}
