import type { FrameReceiver } from '../../frame/frame-receiver'
import { FrameType } from '../../frame/frame-type'
import type { ConnectionCore } from '../connection-core'
import { beginDrain } from '../send/drain'
import { endedEarly, stopClient } from '../send/early-response'
import type { Stream } from '../streams/stream'

/**
 * How long a client has to show that it has seen the first GOAWAY, in milliseconds: the round
 * trips of a slow link. Without an answer the second GOAWAY goes out.
 */
const DRAIN_TIMEOUT = 1000

/**
 * What a connection waits for, and how long. It is asked after each batch of octets, so it keeps
 * few times and compares them; nothing is scheduled.
 *
 * Hot path. A time that is no small whole number is an object of its own to V8, which a request of one of many
 * connections doesn't find in the processor's cache: so those of rare events are looked at only when one has changed.
 */
export class Deadlines {
  readonly #core: ConnectionCore
  readonly #receiver: FrameReceiver
  readonly #startedAt: number
  /** When octets were received or output was taken last, or the application was found at work. */
  #activeAt: number
  /** The earliest time but that of idleness; most connections wait for nothing else. */
  #otherTime = Number.POSITIVE_INFINITY
  #isOnlyIdle = false

  constructor(core: ConnectionCore, receiver: FrameReceiver) {
    this.#core = core
    this.#receiver = receiver
    this.#startedAt = core.now
    this.#activeAt = core.now
  }

  /** A batch of octets has been received. */
  onInput(): void {
    const core = this.#core
    this.#activeAt = core.now
    if (this.#insideHeaderBlock()) {
      if (!core.awaitsHeaderBlock) core.setTime('headerBlockSince', core.now)
      core.awaitsHeaderBlock = true
    } else if (core.awaitsHeaderBlock) {
      core.endHeaderBlock()
    }
  }

  /** Output was taken: a client that still takes some isn't idle, though it says nothing. */
  onOutput(): void {
    this.#activeAt = this.#core.now
  }

  /** The connection has begun to drain. */
  onDrain(): void {
    const core = this.#core
    if (core.drainingSince > core.now) core.setTime('drainingSince', core.now)
  }

  /** The earliest of all times, in milliseconds; Infinity if nothing is waited for. */
  next(): number {
    const core = this.#core
    if (core.state === 'closed') return Number.POSITIVE_INFINITY
    if (!this.#receiver.prefaceComplete) return this.#startedAt + core.limits.prefaceTimeout
    if (core.timesChanged) this.#findOtherTime()
    const idleTime = this.#activeAt + core.limits.idleTimeout
    return this.#isOnlyIdle ? idleTime : Math.min(idleTime, this.#otherTime)
  }

  #findOtherTime(): void {
    const core = this.#core
    this.#otherTime = Math.min(
      core.settingsSentAt + core.limits.settingsTimeout,
      this.#headerBlockDeadline(),
      core.stallCheckAt,
      this.#drainDeadline(),
    )
    this.#isOnlyIdle = this.#otherTime === Number.POSITIVE_INFINITY
    core.timesChanged = false
  }

  /** Does what has become due. */
  serve(): void {
    const core = this.#core
    const { limits, now } = core
    if (!this.#receiver.prefaceComplete) {
      core.output.append(core.options.preface)
      core.fail(
        'PROTOCOL_ERROR',
        `The client preface did not arrive within ${limits.prefaceTimeout} ms.`,
      )
    } else if (now >= core.settingsSentAt + limits.settingsTimeout) {
      core.fail(
        'SETTINGS_TIMEOUT',
        `The client has not acknowledged SETTINGS within ${limits.settingsTimeout} ms (RFC 9113 section 6.5.3).`,
      )
    } else if (now >= this.#headerBlockDeadline()) {
      core.fail(
        'ENHANCE_YOUR_CALM',
        `A header block was not complete within ${limits.headerBlockTimeout} ms.`,
      )
    } else {
      if (now >= core.stallCheckAt) this.#endStalledStreams()
      if (now >= this.#drainDeadline()) core.sendFinalGoaway()
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
    if (core.state === 'open') {
      beginDrain(core)
      this.onDrain()
    } else {
      core.sendFinalGoaway()
    }
  }

  #insideHeaderBlock(): boolean {
    const { incompleteType } = this.#receiver
    return (
      this.#core.headerBlock !== undefined ||
      incompleteType === FrameType.HEADERS ||
      incompleteType === FrameType.CONTINUATION
    )
  }

  #headerBlockDeadline(): number {
    return this.#core.headerBlockSince + this.#core.limits.headerBlockTimeout
  }

  #drainDeadline(): number {
    // After the final GOAWAY there are streams to finish, and those have times of their own.
    return this.#core.lastStreamId === Number.POSITIVE_INFINITY
      ? this.#core.drainingSince + DRAIN_TIMEOUT
      : Number.POSITIVE_INFINITY
  }

  /** Looks for streams that wait for the client, and ends those that wait too long. */
  #endStalledStreams(): void {
    const core = this.#core
    const { stalledResponseTimeout } = core.limits
    core.setTime('stallCheckAt', Number.POSITIVE_INFINITY)
    for (const stream of [...core.streams]) {
      const early = endedEarly(stream)
      if (stream.pending === undefined && !early) continue
      const deadline = stream.progressedAt + stalledResponseTimeout
      if (deadline > core.now) {
        core.setTime('stallCheckAt', Math.min(core.stallCheckAt, deadline))
      } else if (early) {
        stopClient(core, stream)
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
