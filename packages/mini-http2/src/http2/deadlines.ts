import { octetize } from '@h2lab/octets'
import { ConnectionError } from '../errors'
import { makeFrame } from '../frame/frame-header'
import type { FrameReceiver } from '../frame/frame-receiver'
import { FrameType } from '../frame/frame-type'
import type { ConnectionCore } from './connection-core'
import type { HeaderBlocks } from './receive/header-blocks'
import { owesBody } from './receive/owed-bodies'
import { hasDataToSend } from './send/bodies'
import { stopRequest } from './stream-ends'
import type { Stream } from './streams/stream'

/**
 * How long to wait for the client's answer to the first GOAWAY, in milliseconds: a round trip on a
 * slow link. The second GOAWAY is then sent anyway. This is half of a server's default grace time,
 * so that it is sent before the connection is cut.
 */
const DRAIN_TIMEOUT = 500

/**
 * How long a response may pause after the client has ended its side, in milliseconds. A client that
 * has disappeared looks like one that has finished sending, until something is written to it. An
 * application that is producing a body continues within half a second.
 */
const HALF_CLOSED_PAUSE = 500

/**
 * Same, while output waits that the client doesn't take. On slow links it is taken in larger steps.
 */
const HALF_CLOSED_UNTAKEN = 900

/**
 * The lowest reading speed at which the answer to a PING is not late, as a shift from bytes to
 * milliseconds: 16,000 bytes per second, less than the slowest links in use.
 */
const READING_SHIFT = 4

/**
 * The upper limit of that time in milliseconds: for 4 MiB, the default limit of a socket buffer on
 * Linux, tcp(7).
 */
const LONGEST_READING = 4_194_304 >>> READING_SHIFT

/** The payload is arbitrary, RFC 9113 section 6.7. This one shows the purpose. */
const KEEP_ALIVE_PING_FRAME = makeFrame(FrameType.PING, 0, 0, octetize('still up'))

/**
 * The timeouts of a connection. They are checked after each batch of input, so there are few of
 * them and they are only compared; no timers are scheduled.
 *
 * V8 allocates an object for a time that is not a small integer, and with many connections it is
 * rarely in the CPU cache. The times of rare events are therefore read only after one has changed.
 */
export class Deadlines {
  readonly #core: ConnectionCore
  readonly #receiver: FrameReceiver
  readonly #blocks: HeaderBlocks
  readonly #startedAt: number
  /**
   * When input was last received, output was last taken, or the application was last found working.
   */
  #activeAt: number
  /**
   * When the client was last heard from; Infinity after a PING was queued, or while no stream is
   * open.
   */
  #silentSince: number
  /** When the slowest accepted reader has read everything that was taken. */
  #readBy = 0
  /** When output was found that was not taken; Infinity if there is none as far as known. */
  #untakenSince = Number.POSITIVE_INFINITY
  /** The state of the keep-alive PING: it waits in the output, or was taken. */
  #ping: 'none' | 'waiting' | 'sent' = 'none'
  /** The latest time for the client's answer; Infinity if no PING was sent. */
  #answerBy = Number.POSITIVE_INFINITY
  /** When the client ended its side; Infinity before that. */
  #inputEndedAt = Number.POSITIVE_INFINITY
  /**
   * When to check whether a client that has ended its side still takes output; Infinity before
   * that.
   */
  #goneCheckAt = Number.POSITIVE_INFINITY
  /** The earliest time apart from the idle timeout. Most connections wait for nothing else. */
  #otherTime = Number.POSITIVE_INFINITY
  #isOnlyIdle = false

  constructor(core: ConnectionCore, receiver: FrameReceiver, blocks: HeaderBlocks) {
    this.#core = core
    this.#receiver = receiver
    this.#blocks = blocks
    this.#startedAt = core.now
    this.#activeAt = core.now
    this.#silentSince = core.now
  }

  /**
   * A batch of input was received.
   *
   * @param length in bytes
   */
  onInput(length: number): void {
    const core = this.#core
    // An answer to our PING must not count as activity, or the client would never be idle.
    if (this.#ping === 'none' || length !== KEEP_ALIVE_PING_FRAME.length) {
      this.#activeAt = core.now
    }
    this.#silentSince = core.now
    if (this.#ping !== 'none') this.#endPing()
    if (this.#untakenSince === Number.POSITIVE_INFINITY && core.output.length > 0) {
      this.#untakenSince = core.now
    }
    this.onHeldInput()
  }

  /** Held input was processed. */
  onHeldInput(): void {
    const core = this.#core
    if (this.#insideHeaderBlock()) core.waits.beginHeaderBlock(core.now)
    else core.waits.endHeaderBlock()
  }

  /**
   * Output was taken: a client that takes output isn't idle, even if it sends nothing.
   *
   * @param length in bytes
   */
  onOutput(length: number): void {
    const core = this.#core
    // Our PING doesn't count as activity either.
    if (this.#ping !== 'waiting' || length !== KEEP_ALIVE_PING_FRAME.length) {
      this.#activeAt = core.now
    }
    this.#untakenSince =
      core.output.length > 0 ? this.#untakenAfter(length) : Number.POSITIVE_INFINITY
    const readBy = Math.max(this.#readBy, core.now) + (length >>> READING_SHIFT)
    this.#readBy = Math.min(readBy, core.now + LONGEST_READING)
    if (this.#ping === 'waiting') {
      this.#ping = 'sent'
      this.#answerBy = this.#readBy + core.limits.keepAliveTimeout
      core.waits.change()
    }
    if (this.#inputEndedAt !== Number.POSITIVE_INFINITY) this.#checkGoneIn(HALF_CLOSED_PAUSE)
  }

  /** The client has ended its side of the connection. */
  onInputEnded(): void {
    if (this.#inputEndedAt !== Number.POSITIVE_INFINITY) return
    this.#inputEndedAt = this.#core.now
    this.#silentSince = Number.POSITIVE_INFINITY
    this.#endPing()
    this.#checkGoneIn(HALF_CLOSED_PAUSE)
  }

  /** The earliest time in milliseconds; Infinity if there is none. */
  next(): number {
    const core = this.#core
    if (core.goingAway.isClosed) return Number.POSITIVE_INFINITY
    if (!this.#receiver.prefaceComplete) return this.#startedAt + core.limits.prefaceTimeout
    if (core.waits.takeChange()) this.#findOtherTime()
    const { idleTimeout, keepAlive } = core.limits
    let silentTime = Math.min(this.#activeAt + idleTimeout, this.#silentSince + keepAlive)
    if (core.output.length > 0) silentTime = Math.min(silentTime, this.#untakenDeadline())
    return this.#isOnlyIdle ? silentTime : Math.min(silentTime, this.#otherTime)
  }

  #findOtherTime(): void {
    const core = this.#core
    this.#otherTime = Math.min(
      core.waits.settingsSentAt + core.limits.settingsTimeout,
      this.#headerBlockDeadline(),
      core.waits.stallCheckAt,
      this.#drainDeadline(),
      this.#answerBy,
      this.#goneCheckAt,
    )
    this.#isOnlyIdle = this.#otherTime === Number.POSITIVE_INFINITY
  }

  /** Handles the deadlines that have passed. */
  serve(): void {
    const core = this.#core
    const { limits, now } = core
    if (!this.#receiver.prefaceComplete) {
      core.sendPreface()
      core.fail(
        'PROTOCOL_ERROR',
        `The client preface did not arrive within ${limits.prefaceTimeout} ms.`,
      )
    } else if (now >= core.waits.settingsSentAt + limits.settingsTimeout) {
      core.fail(
        'SETTINGS_TIMEOUT',
        `The client has not acknowledged SETTINGS within ${limits.settingsTimeout} ms (RFC 9113 section 6.5.3).`,
      )
    } else if (now >= this.#headerBlockDeadline()) {
      core.fail(
        'ENHANCE_YOUR_CALM',
        `A header block was not complete within ${limits.headerBlockTimeout} ms.`,
      )
    } else if (now >= this.#answerBy) {
      core.close(
        new ConnectionError(
          'NO_ERROR',
          `The client sent nothing for ${limits.keepAlive} ms, or within ${limits.keepAliveTimeout} ms after a PING.`,
          'KEEP_ALIVE_TIMEOUT',
        ),
      )
    } else if (core.output.length > 0 && now >= this.#untakenDeadline()) {
      core.fail(
        'ENHANCE_YOUR_CALM',
        `The client took too little of the waiting output for ${limits.stalledResponseTimeout} ms.`,
      )
    } else if (now >= this.#goneCheckAt) {
      this.#endIfGone()
    } else {
      if (now >= core.waits.stallCheckAt) this.#checkStalls()
      if (now >= this.#silentSince + limits.keepAlive) this.#ask()
      if (now >= this.#drainDeadline()) core.goingAway.nameLastStream()
      if (now >= this.#activeAt + limits.idleTimeout) this.#endIdle()
    }
  }

  /** Idleness is not a fault. If draining doesn't end the connection, the client has gone. */
  #endIdle(): void {
    const core = this.#core
    this.#activeAt = core.now
    const streams = [...core.streams]
    // Silence is normal while the client waits for us, or in a tunnel.
    if (!streams.every(waitsForRequest)) return
    for (const stream of streams) stream.response.reset('CANCEL')
    if (core.goingAway.state === 'open') core.goingAway.announce(core.now)
    else core.goingAway.nameLastStream()
  }

  /** Sends a PING to a silent client if streams are open. */
  #ask(): void {
    const core = this.#core
    this.#silentSince = Number.POSITIVE_INFINITY
    if (core.streams.size === 0) return
    core.output.append(KEEP_ALIVE_PING_FRAME)
    this.#ping = 'waiting'
    const { keepAlive, keepAliveTimeout } = core.limits
    // While this PING can't be sent, taken output shows that the client is there.
    this.#answerBy = this.#activeAt + keepAlive + keepAliveTimeout
    core.waits.change()
  }

  #untakenDeadline(): number {
    return this.#untakenSince + this.#core.limits.stalledResponseTimeout
  }

  /** What was taken makes up for time, at the rate that a client must keep. */
  #untakenAfter(taken: number): number {
    const { now, limits } = this.#core
    return Math.min(now, this.#untakenSince + (1000 * taken) / limits.minDataRate)
  }

  #endPing(): void {
    this.#ping = 'none'
    this.#answerBy = Number.POSITIVE_INFINITY
    this.#core.waits.change()
  }

  #checkGoneIn(milliseconds: number): void {
    const latest = this.#inputEndedAt + this.#core.limits.halfClosedTimeout
    this.#goneCheckAt = Math.min(this.#core.now + milliseconds, latest)
    this.#core.waits.change()
  }

  /** Ends a connection whose client has ended its side, unless it still takes its responses. */
  #endIfGone(): void {
    const core = this.#core
    const latest = this.#inputEndedAt + core.limits.halfClosedTimeout
    const waits = core.output.length > 0 || hasDataToSend(core)
    const patience = waits ? HALF_CLOSED_UNTAKEN : HALF_CLOSED_PAUSE
    const left = this.#activeAt + patience - core.now
    if (core.now < latest && left > 0) {
      this.#checkGoneIn(left)
      return
    }
    for (const stream of [...core.streams]) stream.response.reset('CANCEL')
    core.close()
  }

  #insideHeaderBlock(): boolean {
    const { incompleteType } = this.#receiver
    return (
      this.#blocks.unfinished !== undefined ||
      incompleteType === FrameType.HEADERS ||
      incompleteType === FrameType.CONTINUATION
    )
  }

  #headerBlockDeadline(): number {
    return this.#core.waits.headerBlockSince + this.#core.limits.headerBlockTimeout
  }

  #drainDeadline(): number {
    // After the final GOAWAY only the timeouts of the remaining streams apply.
    return this.#core.goingAway.announcedSince + DRAIN_TIMEOUT
  }

  #checkStalls(): void {
    this.#core.waits.beginStallCheck()
    this.#endUnsentRequests()
    this.#endStalledStreams()
    this.#checkTaking()
  }

  /** Ends requests whose bodies the client sends too slowly. */
  #endUnsentRequests(): void {
    const core = this.#core
    const owed = [...core.streams].filter(owesBody)
    const deadline = core.sending.behindSince + core.limits.stalledRequestTimeout
    if (owed.length > 0 && deadline > core.now) {
      core.waits.checkStallsAt(deadline)
      return
    }
    for (const stream of owed) stream.response.reset('CANCEL')
    core.sending.end()
  }

  /** Ends a connection whose client takes something of each response, but too little in all. */
  #checkTaking(): void {
    const core = this.#core
    const { stalledResponseTimeout, minDataRate } = core.limits
    if (!core.memory.holdsResponses) return
    const since = Math.min(...[...core.streams].map(({ pending }) => pending?.since ?? core.now))
    const deadline = Math.max(core.taking.behindSince, since) + stalledResponseTimeout
    if (deadline > core.now) {
      core.waits.checkStallsAt(deadline)
      return
    }
    core.fail(
      'ENHANCE_YOUR_CALM',
      `The client took less than ${minDataRate} bytes per second of waiting responses for ${stalledResponseTimeout} ms.`,
    )
  }

  /** Ends streams that have waited too long for the client. */
  #endStalledStreams(): void {
    const core = this.#core
    const { stalledResponseTimeout } = core.limits
    for (const stream of [...core.streams]) {
      if (stream.pending === undefined && !stream.endedEarly) continue
      const deadline = stream.progressedAt + stalledResponseTimeout
      if (deadline > core.now) {
        core.waits.checkStallsAt(deadline)
      } else if (stream.endedEarly) {
        stopRequest(core, stream)
      } else {
        stream.response.reset('CANCEL')
      }
    }
  }
}

/** Returns whether a stream waits for more of its request, and the client may send it. */
function waitsForRequest({ state, receiveWindow, request, response }: Stream): boolean {
  const isWaiting = state === 'open' && !response.headSent && receiveWindow > 0
  return isWaiting && request.method !== 'CONNECT'
}
