import { concatenate, type OctetVector } from '@h2lab/octets'
import type { Handler } from '../../src'
import type { Http2Connection, Http2Init } from '../../src/protocol'
import { takeAll } from './exchange'
import { settingsAckFrame } from './frames'
import { http2Connection, type ReceivedResponse, ResponseReader } from './http2-messages'
import { type ParsedFrame, parseFrames } from './parse-frames'
import { CLIENT_OPENING } from './requests'

/**
 * The peer of an {@link Http2Connection} without sockets, for asynchronous handlers. It takes
 * output when the connection announces it, as the owner of a socket does.
 */
export class Http2Client {
  readonly connection: Http2Connection
  /** All frames of the server except its SETTINGS. */
  readonly frames: ParsedFrame[] = []
  /** How many times the connection announced output. */
  announcements = 0
  readonly #reader = new ResponseReader()

  /** @param opening more frames after the client's opening, such as SETTINGS or WINDOW_UPDATE */
  constructor(handler: Handler, init: Omit<Http2Init, 'app'> = {}, ...opening: OctetVector[]) {
    this.connection = http2Connection(handler, init)
    this.connection.receive(concatenate(CLIENT_OPENING, settingsAckFrame(), ...opening))
    takeAll(this.connection)
    this.connection.onOutputReady = () => {
      this.announcements++
      this.#take()
    }
  }

  /** Sends frames, and takes the output immediately. */
  send(...frames: readonly OctetVector[]): this {
    this.connection.receive(concatenate(...frames))
    this.#take()
    return this
  }

  /** What has arrived of a response. */
  response(streamId: number): ReceivedResponse {
    return this.#reader.response(streamId)
  }

  /** The frames of one stream. */
  framesOf(streamId: number): ParsedFrame[] {
    return this.frames.filter((frame) => frame.streamId === streamId)
  }

  #take(): void {
    const frames = parseFrames(takeAll(this.connection))
    this.frames.push(...frames)
    this.#reader.read(frames)
  }
}

/** Lets pending promises and timers run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** A promise, and the function that resolves it. */
export function signalled(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
