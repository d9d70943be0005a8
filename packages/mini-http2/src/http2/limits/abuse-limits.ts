import { connectionFault, type FrameFault } from '../../frame/frame-fault'
import type { Http2Options } from '../options'
import { FRAMES_PER_RESPONSE, MOST_WINDOW_UPDATES, windowUpdatesFor } from './frame-allowances'
import { LateData } from './late-data'
import { TokenBucket } from './token-bucket'

type Limits = Http2Options['limits']

/**
 * Limits events that RFC 9113 allows but that cost the server more than the client, section 10.5.
 * Exceeding a limit ends the connection.
 */
export class AbuseLimits {
  readonly #limits: Limits
  readonly #clock: { readonly now: number }
  readonly #resets: TokenBucket
  readonly #idleFrames: TokenBucket
  readonly #lateData: LateData
  /** Complete responses since the last {@link countIdleFrame}. */
  #responses = 0
  /** WINDOW_UPDATE frames that the DATA we sent justifies. */
  #explainedWindowUpdates = 0
  /** Acknowledgements in the output. */
  #waitingAcknowledgements = 0

  constructor(limits: Limits, clock: { readonly now: number }) {
    this.#limits = limits
    this.#clock = clock
    this.#resets = new TokenBucket(limits.resetBurst, limits.resetsPerSecond, clock.now)
    this.#idleFrames = new TokenBucket(limits.idleFrameBurst, limits.idleFramesPerSecond, clock.now)
    this.#lateData = new LateData(limits.maxConcurrentStreams * limits.streamWindowSize)
  }

  /** A response was sent completely. This allows some frames without effect. */
  onResponse(): void {
    this.#responses++
  }

  /** @param size octets of the DATA frame's payload */
  onDataSent(size: number): void {
    const explained = this.#explainedWindowUpdates + windowUpdatesFor(size)
    this.#explainedWindowUpdates = Math.min(explained, MOST_WINDOW_UPDATES)
  }

  onOutputTaken(): void {
    this.#waitingAcknowledgements = 0
  }

  /** A stream was reset by the client, or because of the client. */
  countReset(): FrameFault | undefined {
    if (this.#resets.take(this.#clock.now)) return undefined
    const { resetBurst, resetsPerSecond } = this.#limits
    return tooMuch(
      `More than ${resetBurst} streams were reset at once, or ${resetsPerSecond} per second.`,
    )
  }

  /** A frame without effect was received. */
  countIdleFrame(): FrameFault | undefined {
    if (this.#responses > 0) {
      this.#idleFrames.refill(this.#responses * FRAMES_PER_RESPONSE)
      this.#responses = 0
    }
    if (this.#idleFrames.take(this.#clock.now)) return undefined
    const { idleFrameBurst, idleFramesPerSecond } = this.#limits
    return tooMuch(
      `More than ${idleFrameBurst} frames without effect were received at once, ` +
        `or ${idleFramesPerSecond} per second.`,
    )
  }

  /**
   * WINDOW_UPDATE frames in response to DATA are expected. More of them are work without effect.
   */
  countWindowUpdate(): FrameFault | undefined {
    if (this.#explainedWindowUpdates === 0) return this.countIdleFrame()
    this.#explainedWindowUpdates--
    return undefined
  }

  /**
   * A PING or SETTINGS is acknowledged. Acknowledgements must not pile up for a client that never
   * reads.
   */
  countAcknowledgement(): FrameFault | undefined {
    this.#waitingAcknowledgements++
    if (this.#waitingAcknowledgements <= this.#limits.maxWaitingAcknowledgements) return undefined
    return tooMuch(
      `${this.#waitingAcknowledgements} acknowledgements of PING and SETTINGS wait to be sent.`,
    )
  }

  /**
   * A stream was reset or ignored. Until the client knows, it may send this many octets of DATA.
   */
  expectLateData(window: number): void {
    this.#lateData.expect(window)
  }

  /**
   * DATA arrived on a stream that was reset.
   *
   * @param size octets of its payload
   */
  countLateData(size: number): FrameFault | undefined {
    return this.#lateData.receive(size) ? undefined : this.countIdleFrame()
  }
}

function tooMuch(message: string): FrameFault {
  return connectionFault('ENHANCE_YOUR_CALM', message)
}
