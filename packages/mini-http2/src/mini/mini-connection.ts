import { copyOctets, type OctetVector, OutputBuffer } from '@h2lab/octets'
import type { Connection, ConnectionState } from '../connection'
import { ClientPrefaceMismatchError, ConnectionError } from '../errors'
import { ErrorCode } from '../frame/error-code'
import { type FrameFault, tooLarge } from '../frame/frame-fault'
import { FrameFlag } from '../frame/frame-flag'
import {
  DEFAULT_MAX_FRAME_SIZE,
  FRAME_HEADER_LENGTH,
  getFrameFlags,
  getFrameType,
  getStreamIdIfEnds,
  writeStreamId,
} from '../frame/frame-header'
import { ANY, FrameReceiver } from '../frame/frame-receiver'
import { FrameType } from '../frame/frame-type'
import { makeGoawayFrame } from '../frame/goaway'
import { checkPingFrame, PING_LENGTH } from '../frame/ping'
import { SETTINGS_ACK_FRAME } from '../frame/settings'
import { type ConnectionLimits, DEFAULT_LIMITS, LIMIT_NAMES, type LimitName } from '../limits'
import { checkOptionNames } from '../options'
import type { PrebuiltResponse } from '../prebuilt/prebuild-response'
import { SETTINGS_FRAME } from '../prebuilt/settings-frame'

/**
 * The limits that `mini` honours. The TCP keepalive limits apply to sockets, whatever the protocol.
 */
export const MINI_LIMITS: readonly LimitName[] = [
  'prefaceTimeout',
  'idleTimeout',
  'maxWaitingOutput',
  'keepAlive',
  'keepAliveTimeout',
]

/**
 * The server side of the simplified protocol. It handles the preface, frame headers and the end of
 * a stream, and answers each request with the same prebuilt response. It never decodes header
 * blocks. It shows the speed limit; the package's README lists its deviations from HTTP/2.
 */
export class MiniConnection implements Connection {
  onOutputReady?: () => void

  readonly #response: PrebuiltResponse
  readonly #limits: Required<ConnectionLimits>
  readonly #output = new OutputBuffer()
  readonly #receiver = this.#makeReceiver()
  /** The peer has ended its side while some of its input was held. */
  #inputEnded = false
  /** A response that was interrupted until output is taken. */
  #unfinished: { readonly streamId: number; readonly nextPart: number } | undefined
  #lastStreamId = 0
  #state: ConnectionState = 'open'
  #error: ConnectionError | undefined
  #now = 0
  #deadline: number

  /**
   * @param response answers every request
   * @param limits those that differ from {@link DEFAULT_LIMITS}
   * @param now the time in milliseconds, on the clock of {@link tick}
   * @throws MisuseError `INVALID_OPTION` if a limit does not exist
   */
  constructor(response: PrebuiltResponse, limits: ConnectionLimits = {}, now = 0) {
    checkOptionNames(limits, LIMIT_NAMES)
    this.#response = response
    this.#limits = { ...DEFAULT_LIMITS, ...limits }
    this.#now = now
    this.#deadline = now + this.#limits.prefaceTimeout
  }

  get state(): ConnectionState {
    return this.#state
  }

  get error(): ConnectionError | undefined {
    return this.#error
  }

  get deadline(): number {
    return this.#state === 'closed' ? Number.POSITIVE_INFINITY : this.#deadline
  }

  get holdsInput(): boolean {
    return this.#receiver.isPaused
  }

  /** A batch of requests is little work. */
  get awaitsTurn(): boolean {
    return false
  }

  takeTurn(): void {}

  get nearsTurnEnd(): boolean {
    return false
  }

  beginTurn(): void {}

  get idle(): boolean {
    return this.#output.length === 0 && this.#unfinished === undefined && !this.#receiver.isPaused
  }

  receive(octets: OctetVector): void {
    if (octets.length === 0) return
    this.#receiver.receive(octets)
    if (this.#receiver.prefaceComplete) this.#restartIdleTime()
  }

  takeOutput(): OctetVector | undefined {
    const run = this.#output.take()
    // A client that takes a long response isn't idle, even if it sends nothing.
    if (run !== undefined) this.#restartIdleTime()
    if (this.#receiver.isPaused || this.#unfinished !== undefined) this.#resume()
    if (this.#state === 'draining' && this.#unfinished === undefined) this.#state = 'closed'
    return run
  }

  giveBack(run: OctetVector): void {
    this.#output.giveBack(run)
  }

  tick(now: number): void {
    this.#now = now
    if (now < this.deadline) return
    if (!this.#receiver.prefaceComplete) {
      this.#fail(
        new ConnectionError(
          'PROTOCOL_ERROR',
          `The client preface did not arrive within ${this.#limits.prefaceTimeout} ms.`,
        ),
      )
    } else if (this.#state === 'open') {
      // Idleness is not a fault: the connection ends gracefully.
      this.drain()
    } else {
      this.#unfinished = undefined
      this.#fail(
        new ConnectionError(
          'ENHANCE_YOUR_CALM',
          `The client took nothing of its last response for ${this.#limits.idleTimeout} ms.`,
        ),
      )
    }
  }

  drain(): void {
    if (this.#state === 'open') this.#end(ErrorCode.NO_ERROR)
  }

  endInput(): void {
    // Unless input is held, all requests were answered or are in progress.
    if (this.#receiver.isPaused) this.#inputEnded = true
    else this.drain()
  }

  abandon(): void {
    this.#state = 'closed'
    this.#unfinished = undefined
    this.#receiver.clear()
    this.#output.clear()
  }

  #makeReceiver(): FrameReceiver {
    return new FrameReceiver(
      {
        receivesNoMore: () => this.#state !== 'open',
        allowance: () => ANY,
        returnAllowance: () => {},
        mustWait: () => this.#unfinished !== undefined || this.#tooMuchWaits(),
        processFrame: (octets, offset) => this.#processFrame(octets, offset),
        refuseFrame: (size) => this.#failBy(tooLarge(size, DEFAULT_MAX_FRAME_SIZE)),
        onPreface: () => this.#output.append(SETTINGS_FRAME),
        refusePreface: (octets) => this.#fail(new ClientPrefaceMismatchError(octets)),
      },
      'from client',
    )
  }

  #processFrame(octets: OctetVector, offset: number): void {
    const streamId = getStreamIdIfEnds(octets, offset)
    if (streamId !== 0) {
      this.#lastStreamId = Math.max(this.#lastStreamId, streamId)
      this.#respond(streamId, 0)
      return
    }
    switch (getFrameType(octets, offset)) {
      case FrameType.SETTINGS:
        if (!isAcknowledgement(octets, offset)) this.#output.append(SETTINGS_ACK_FRAME)
        break
      case FrameType.PING:
        this.#processPing(octets, offset)
        break
      case FrameType.GOAWAY:
        // The client opens no more streams, and all existing ones are answered or waiting.
        this.#end(ErrorCode.NO_ERROR)
        break
    }
  }

  #processPing(octets: OctetVector, offset: number): void {
    const fault = checkPingFrame(octets, offset)
    if (fault !== undefined) {
      this.#failBy(fault)
      return
    }
    if (isAcknowledgement(octets, offset)) return
    const answer = copyOctets(octets, offset, offset + FRAME_HEADER_LENGTH + PING_LENGTH)
    answer[4] = FrameFlag.ACK
    this.#output.append(answer)
  }

  /** Writes the parts of the response from `part` on, until too much output waits. */
  #respond(streamId: number, part: number): void {
    const { parts } = this.#response
    for (let index = part; index < parts.length; index++) {
      if (index > 0 && this.#tooMuchWaits()) {
        this.#unfinished = { streamId, nextPart: index }
        return
      }
      const { octets, frameOffsets } = parts[index]!
      const offset = this.#output.reserve(octets.length)
      const output = this.#output.octets
      output.set(octets, offset)
      for (let frame = 0; frame < frameOffsets.length; frame++) {
        writeStreamId(output, offset + frameOffsets[frame]!, streamId)
      }
    }
  }

  /** Continues what the output limit interrupted. */
  #resume(): void {
    if (this.#unfinished !== undefined) {
      const { streamId, nextPart } = this.#unfinished
      this.#unfinished = undefined
      this.#respond(streamId, nextPart)
    }
    if (!this.#receiver.isPaused) return
    this.#receiver.resume()
    if (this.#inputEnded && !this.#receiver.isPaused) this.drain()
  }

  #tooMuchWaits(): boolean {
    return this.#output.length > this.#limits.maxWaitingOutput
  }

  #restartIdleTime(): void {
    this.#deadline = this.#now + this.#limits.idleTimeout
  }

  #failBy(fault: FrameFault): void {
    this.#fail(new ConnectionError(fault.code, fault.message))
  }

  #fail(error: ConnectionError): void {
    this.#error = error
    this.#end(error.errorCode)
  }

  /** Sends GOAWAY and ignores further input. An interrupted response is still finished. */
  #end(errorCode: number): void {
    // Section 3.4: SETTINGS must be the first frame, even if the connection fails.
    if (!this.#receiver.prefaceComplete) this.#output.append(SETTINGS_FRAME)
    this.#output.append(makeGoawayFrame(this.#lastStreamId, errorCode))
    this.#state = this.#unfinished === undefined ? 'closed' : 'draining'
    this.#receiver.clear()
    this.#restartIdleTime()
  }
}

function isAcknowledgement(octets: OctetVector, offset: number): boolean {
  return (getFrameFlags(octets, offset) & FrameFlag.ACK) !== 0
}
