import { concatenate, type OctetVector } from '@h2lab/octets'
import type { Handler } from '../../src'
import type { Http2Connection, Http2Init } from '../../src/protocol'
import { takeAll } from './exchange'
import { settingsAckFrame } from './frames'
import { http2Connection, type ReceivedResponse, ResponseReader } from './http2-messages'
import { type ParsedFrame, parseFrames } from './parse-frames'
import { CLIENT_OPENING } from './requests'

/**
 * The other end of an {@link Http2Connection}, octets in and octets out, for handlers that take their
 * time: it takes output when the connection announces it, as the owner of a socket does.
 */
export class Http2Client {
  readonly connection: Http2Connection
  /** All frames of the server, its SETTINGS excepted. */
  readonly frames: ParsedFrame[] = []
  /** How many times the connection announced output. */
  announcements = 0
  readonly #reader = new ResponseReader()

  /** @param opening more octets behind the client's opening, as SETTINGS or window updates */
  constructor(handler: Handler, init: Omit<Http2Init, 'app'> = {}, ...opening: OctetVector[]) {
    this.connection = http2Connection(handler, init)
    this.connection.receive(concatenate(CLIENT_OPENING, settingsAckFrame(), ...opening))
    takeAll(this.connection)
    this.connection.onOutputReady = () => {
      this.announcements++
      this.#take()
    }
  }

  /** Sends frames, and takes what the connection makes of them at once. */
  send(...frames: readonly OctetVector[]): this {
    this.connection.receive(concatenate(...frames))
    this.#take()
    return this
  }

  /** What has come of a response. */
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

/** Lets promises and timers that are due go on. */
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
