import { octetize } from '@h2lab/octets'
import { ConnectionError } from '../errors'
import { makeFrame } from '../frame/frame-header'
import type { FrameReceiver } from '../frame/frame-receiver'
import { FrameType } from '../frame/frame-type'
import type { ConnectionCore } from './connection-core'
import type { HeaderBlocks } from './receive/header-blocks'
import { hasDataToSend } from './send/bodies'
import { stopRequest } from './stream-ends'
import type { Stream } from './streams/stream'

/**
 * How long a client has to show that it has seen the first GOAWAY, in milliseconds: a round trip of a slow link.
 * Without an answer the second GOAWAY goes out. That is half of a server's default grace time, so that it comes
 * before the connection is cut.
 */
const DRAIN_TIMEOUT = 500

/**
 * How long a response may pause after the client has ended its side, in milliseconds. A client whose process or
 * TLS connection has ended looks like one that only sends no more, until something is written to it. Within
 * half a second an application goes on with a body that it is producing.
 */
const HALF_CLOSED_PAUSE = 500

/** The same where output waits that the client does not take: on a slow link it is taken in larger steps. */
const HALF_CLOSED_UNTAKEN = 900

/**
 * How slowly a client may read what was sent before a PING, as a shift from octets to milliseconds, before its answer
 * is late: 16,000 octets a second, less than the slowest links in use carry.
 */
const READING_SHIFT = 4

/** How long that may take at most, in milliseconds: for 4 MiB, which a socket of Linux holds by default, tcp(7). */
const LONGEST_READING = 4_194_304 >>> READING_SHIFT

/** Any octet answers it, RFC 9113 section 6.7; these ones say what it is for. */
const KEEP_ALIVE_PING_FRAME = makeFrame(FrameType.PING, 0, 0, octetize('still up'))

/**
 * What a connection waits for, and how long. It is asked after each batch of octets, so it keeps
 * few times and compares them; nothing is scheduled.
 *
 * A time that is no small whole number is an object of its own to V8, which a request of one of many
 * connections doesn't find in the processor's cache: so those of rare events are looked at only when one has changed.
 */
export class Deadlines {
  readonly #core: ConnectionCore
  readonly #receiver: FrameReceiver
  readonly #blocks: HeaderBlocks
  readonly #startedAt: number
  /** When octets were received or output was taken last, or the application was found at work. */
  #activeAt: number
  /** When the client was heard last; Infinity when it was asked since, or no stream was open to ask for. */
  #silentSince: number
  /** When the slowest reader has read all that was taken. */
  #readBy = 0
  /** When output was there that was not taken; Infinity if all was, as far as known. */
  #untakenSince = Number.POSITIVE_INFINITY
  /** Whether the client was asked whether it is there: the PING waits in the output, or was taken. */
  #ping: 'none' | 'waiting' | 'sent' = 'none'
  /** When the client has to be heard at the latest; Infinity if it was not asked. */
  #answerBy = Number.POSITIVE_INFINITY
  /** When the client ended its side; Infinity before. */
  #inputEndedAt = Number.POSITIVE_INFINITY
  /** When to look whether a client that has ended its side still takes something; Infinity before. */
  #goneCheckAt = Number.POSITIVE_INFINITY
  /** The earliest time but that of idleness; most connections wait for nothing else. */
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
   * A batch of octets has been received.
   *
   * @param length in octets
   */
  onInput(length: number): void {
    const core = this.#core
    // An answer to our PING does not make a client active, or it would never be idle.
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

  /** Input that was held has been processed. */
  onHeldInput(): void {
    const core = this.#core
    if (this.#insideHeaderBlock()) core.waits.beginHeaderBlock(core.now)
    else core.waits.endHeaderBlock()
  }

  /**
   * Output was taken: a client that still takes some isn't idle, though it says nothing.
   *
   * @param length in octets
   */
  onOutput(length: number): void {
    const core = this.#core
    // Nor does our question make it active.
    if (this.#ping !== 'waiting' || length !== KEEP_ALIVE_PING_FRAME.length) {
      this.#activeAt = core.now
    }
    this.#untakenSince = Number.POSITIVE_INFINITY
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

  /** The earliest of all times, in milliseconds; Infinity if nothing is waited for. */
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

  /** Does what has become due. */
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
          `The client sent nothing for ${limits.keepAlive} ms, nor within ${limits.keepAliveTimeout} ms after a PING.`,
          'KEEP_ALIVE_TIMEOUT',
        ),
      )
    } else if (core.output.length > 0 && now >= this.#untakenDeadline()) {
      core.fail(
        'ENHANCE_YOUR_CALM',
        `The client has taken nothing for ${limits.stalledResponseTimeout} ms of what was sent to it.`,
      )
    } else if (now >= this.#goneCheckAt) {
      this.#endIfGone()
    } else {
      if (now >= core.waits.stallCheckAt) this.#endStalledStreams()
      if (now >= this.#silentSince + limits.keepAlive) this.#ask()
      if (now >= this.#drainDeadline()) core.goingAway.nameLastStream()
      if (now >= this.#activeAt + limits.idleTimeout) this.#endIdle()
    }
  }

  /** An idle connection is nobody's fault; if draining doesn't end it, the client is gone. */
  #endIdle(): void {
    const core = this.#core
    this.#activeAt = core.now
    const streams = [...core.streams]
    // Silence is right while the client waits for us, or both talk when they like.
    if (!streams.every(waitsForRequest)) return
    for (const stream of streams) stream.response.reset('CANCEL')
    if (core.goingAway.state === 'open') core.goingAway.announce(core.now)
    else core.goingAway.nameLastStream()
  }

  /** A silent client is asked whether it is there, if anything waits for it. */
  #ask(): void {
    const core = this.#core
    this.#silentSince = Number.POSITIVE_INFINITY
    if (core.streams.size === 0) return
    core.output.append(KEEP_ALIVE_PING_FRAME)
    this.#ping = 'waiting'
    const { keepAlive, keepAliveTimeout } = core.limits
    // As long as this PING can't be sent, output that is taken shows that the client is there.
    this.#answerBy = this.#activeAt + keepAlive + keepAliveTimeout
    core.waits.change()
  }

  #untakenDeadline(): number {
    return this.#untakenSince + this.#core.limits.stalledResponseTimeout
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

  /** Ends a connection whose client has ended its side, unless it is still taking what it has asked for. */
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
    // After the final GOAWAY there are streams to finish, and those have times of their own.
    return this.#core.goingAway.announcedSince + DRAIN_TIMEOUT
  }

  /** Looks for streams that wait for the client, and ends those that wait too long. */
  #endStalledStreams(): void {
    const core = this.#core
    const { stalledResponseTimeout } = core.limits
    core.waits.beginStallCheck()
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

/** Tells whether a stream can't go on before more of its request has come, and it may come. */
function waitsForRequest({ state, receiveWindow, request, response }: Stream): boolean {
  const isWaiting = state === 'open' && !response.headSent && receiveWindow > 0
  return isWaiting && request.method !== 'CONNECT'
}
