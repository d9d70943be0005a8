import type { ConnectionError } from '@h2lab/mini-http2'
import { FrameFlag, FrameType } from '@h2lab/mini-http2/frames'
import {
  type Connection,
  type ConnectionState,
  callHandler,
  TokenBucket,
} from '@h2lab/mini-http2/protocol'
import type { OctetVector } from '@h2lab/octets'
import type { Address } from '@h2lab/tls-context/native'
import type { SessionEvents } from './callbacks'
import { ClientPresence } from './client-presence'
import { Deadlines } from './deadlines'
import {
  headerBlockError,
  idleFramesError,
  keepAliveError,
  prefaceError,
  receiveError,
  resetsError,
  settingsError,
  stalledError,
} from './faults'
import { FrameWatch } from './frame-watch'
import { GoingAway } from './going-away'
import { frameHead, readFrameHead } from './memory'
import type { Nghttp2Options } from './options'
import { Requests } from './requests'
import { Nghttp2Session } from './session'
import { type OutputEvents, SessionOutput } from './session-output'

/** The payload of a PING that asks whether the client is still there. */
const KEEP_ALIVE_PING = Buffer.from('still up')

/**
 * The server side of HTTP/2 by nghttp2, the C library inside the Node.js binary, for comparison with the
 * protocol `http2`. For blocking loops: handlers answer before they return.
 */
export class Nghttp2Connection implements Connection, SessionEvents, OutputEvents {
  /** Never called: no handler answers later. */
  onOutputReady?: () => void

  /** nghttp2 takes all input at once. */
  readonly holdsInput = false
  readonly awaitsTurn = false
  readonly nearsTurnEnd = false

  readonly #options: Nghttp2Options
  readonly #session: Nghttp2Session
  readonly #output = new SessionOutput()
  readonly #requests: Requests
  readonly #frames: FrameWatch
  readonly #resets: TokenBucket
  #tooManyResets = false
  readonly #presence: ClientPresence
  readonly #goingAway: GoingAway
  readonly #deadlines: Deadlines
  #now: number

  /**
   * @param options shared by all connections of a server, from `toNghttp2Options`
   * @param now the time in milliseconds, on the clock of {@link tick}
   */
  constructor(options: Nghttp2Options, now: number) {
    const { limits } = options
    this.#options = options
    this.#now = now
    this.#requests = new Requests(options)
    this.#frames = new FrameWatch(limits, now)
    this.#resets = new TokenBucket(limits.resetBurst, limits.resetsPerSecond, now)
    this.#presence = new ClientPresence(limits, now)
    this.#session = new Nghttp2Session(this, options)
    this.#goingAway = new GoingAway(this.#session)
    const waiting = {
      frames: this.#frames,
      requests: this.#requests,
      goingAway: this.#goingAway,
      presence: this.#presence,
    }
    this.#deadlines = new Deadlines(limits, waiting, now)
  }

  get state(): ConnectionState {
    return this.#goingAway.state
  }

  get error(): ConnectionError | undefined {
    return this.#goingAway.error
  }

  get idle(): boolean {
    return this.#requests.unfinished === 0 && this.#output.length === 0
  }

  get deadline(): number {
    return this.#deadlines.next
  }

  receive(octets: OctetVector): void {
    if (octets.length === 0 || this.state === 'closed') return
    const { limits } = this.#options
    this.#deadlines.onActivity(this.#now)
    this.#presence.onInput(this.#now)
    const processed = this.#session.receive(octets)
    if (processed < 0) this.#goingAway.fail(receiveError(processed, octets))
    else if (this.#tooManyResets) this.#goingAway.fail(resetsError(limits))
    else if (!this.#frames.receive(octets, this.#now)) this.#goingAway.fail(idleFramesError(limits))
    for (const { request, response } of this.#requests.takeReady()) {
      if (!response.ended) callHandler(this.#options, 'refused', request, response)
    }
  }

  takeTurn(): void {}

  beginTurn(): void {}

  takeOutput(): OctetVector | undefined {
    const session = this.#session
    if (session.address === undefined) return this.#output.take()
    this.#output.fill(session, this)
    const run = this.#output.take()
    if (run !== undefined) {
      this.#deadlines.onActivity(this.#now)
      this.#presence.onOutput(this.#now)
    } else if (this.state === 'draining' && !session.wantsAnything) {
      this.#close()
    }
    return run
  }

  giveBack(run: OctetVector): void {
    this.#output.giveBack(run)
  }

  tick(now: number): void {
    this.#now = now
    const { limits } = this.#options
    const goingAway = this.#goingAway
    switch (this.#deadlines.due(now)) {
      case undefined:
        break
      case 'preface':
        goingAway.fail(prefaceError(limits))
        break
      case 'settings':
        goingAway.fail(settingsError(limits))
        break
      case 'header block':
        goingAway.fail(headerBlockError(limits))
        break
      case 'drain':
        goingAway.sendFinal()
        break
      case 'presence':
        this.#checkPresence()
        break
      case 'response':
        goingAway.fail(stalledError(limits))
        break
      case 'request':
        this.#deadlines.onProgress(now)
        this.#requests.resetAll()
        break
      case 'idle':
        // An idle connection is nobody's fault, so it ends gracefully.
        this.#deadlines.onActivity(now)
        if (this.state === 'open') this.drain()
        else this.#close()
    }
  }

  drain(): void {
    if (this.state !== 'open') return
    if (this.#deadlines.prefaceReceived) this.#goingAway.announce(this.#now)
    else this.#goingAway.terminate()
  }

  endInput(): void {
    this.#presence.onInputEnded(this.#now)
    // Incomplete requests never become complete. The others are answered, and their responses are still sent.
    if (this.#deadlines.prefaceReceived) this.#goingAway.sendFinal()
    else this.drain()
  }

  abandon(): void {
    if (this.#session.address === undefined) return
    this.#close()
    this.#output.clear()
    this.#session.free()
  }

  onBeginHeaders(): void {
    this.#requests.beginFields()
  }

  onHeader(
    name: Address,
    nameLength: number,
    value: Address,
    valueLength: number,
    flags: number,
  ): void {
    this.#requests.addField(name, nameLength, value, valueLength, flags)
  }

  onFrame(frame: Address): void {
    readFrameHead(frame)
    const { type, flags, streamId } = frameHead
    switch (type) {
      case FrameType.SETTINGS:
        this.#deadlines.onSettings((flags & FrameFlag.ACK) !== 0)
        break
      case FrameType.HEADERS:
        // A second header block on a stream holds trailers, which no handler reads.
        if (!this.#requests.has(streamId)) this.#begin(streamId)
        this.#deadlines.onProgress(this.#now)
        break
      case FrameType.DATA:
        this.#deadlines.onProgress(this.#now)
        break
      case FrameType.RST_STREAM:
        // A reset after a complete response does no harm.
        if (!this.#requests.has(streamId)) this.#frames.onLateReset(this.#now)
        else if (!this.#resets.take(this.#now)) this.#tooManyResets = true
        break
      case FrameType.GOAWAY:
        // The client opens no more streams.
        this.#goingAway.sendFinal()
        break
      case FrameType.PING:
        if ((flags & FrameFlag.ACK) !== 0 && !this.#presence.onAcknowledged()) {
          this.#goingAway.onAcknowledged()
        }
    }
  }

  onStreamClose(streamId: number): void {
    if (this.#requests.close(streamId)) this.#frames.onResponse()
  }

  readBody(streamId: number, target: Address, room: number, flags: Address): number {
    return this.#requests.readBody(streamId, target, room, flags)
  }

  onDataSent(size: number): void {
    this.#frames.onDataSent(size)
  }

  onResponseFrameSent(streamId: number, endsStream: boolean): void {
    this.#deadlines.onProgress(this.#now)
    if (endsStream) this.#requests.onResponseSent(streamId)
  }

  onGoawaySent(errorCode: number, debugData: string): void {
    this.#goingAway.onGoawaySent(errorCode, debugData)
  }

  /** nghttp2 closes streams that are excluded as it sends the final GOAWAY, without a word to the client. */
  #begin(streamId: number): void {
    if (this.#goingAway.excludes(streamId)) return
    this.#requests.begin(this.#session.address!, streamId)
  }

  #checkPresence(): void {
    switch (this.#presence.check(this.#now)) {
      case 'present':
        break
      case 'ask':
        this.#presence.onAsked(this.#now)
        this.#session.submitPing(KEEP_ALIVE_PING)
        break
      case 'unanswered':
        this.#goingAway.fail(keepAliveError(this.#options.limits))
        break
      case 'gone':
        this.#close()
    }
  }

  #close(): void {
    this.#goingAway.close()
    this.#requests.closeAll()
  }
}
