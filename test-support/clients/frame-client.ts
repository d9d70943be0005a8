import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { ErrorCodeName } from '@h2lab/mini-http2'
import {
  ErrorCode,
  FrameFlag,
  FrameType,
  makeFrame,
  SETTINGS_ACK_FRAME,
  type Settings,
  SettingsParameter,
} from '@h2lab/mini-http2/frames'
import { Decoder } from '@h2lab/mini-http2/hpack'
import { onTestFinished } from 'vitest'
import { FrameReader, type ReceivedFrame } from './frame-reader'
import { dataFrame, opening, windowUpdateFrame } from './frames'
import { rawSocket } from './raw-client'

/** What was received on a stream. */
export interface StreamOutcome {
  /** The final status; undefined until it is received. */
  status: number | undefined
  /** The number of octets of the body so far. */
  length: number
  /** The body as text, one character per octet, if the client keeps bodies. */
  body: string
  /** How the server ended its side: END_STREAM, or RST_STREAM and its code. */
  end: 'open' | 'complete' | ErrorCodeName
}

export interface FrameClientOptions {
  /** The client's SETTINGS. Default: none. */
  readonly settings?: Settings
  /** The connection window that the client announces at the beginning, in octets. Default 65,535. */
  readonly connectionWindow?: number
  /** Returns frames to send in response to each DATA frame. Default: none. */
  readonly onData?: (streamId: number, length: number) => Uint8Array | undefined
}

/** RFC 9113 section 6.9.2. */
const INITIAL_WINDOW = 65_535

/**
 * A client whose test chooses each frame. On its own it only sends the connection preface and the acknowledgements
 * required by RFC 9113 sections 6.5.3 and 6.7.
 */
export class FrameClient {
  readonly url: string
  readonly socket: Socket
  /** Resolves when the socket is closed. */
  readonly closed: Promise<void>
  /** What was received, by stream. */
  readonly outcomes = new Map<number, StreamOutcome>()
  /** How many streams the server has ended. */
  ended = 0
  /** The error code of the server's GOAWAY. */
  goaway: ErrorCodeName | undefined
  /** The last stream that each GOAWAY named. */
  readonly lastStreamIds: number[] = []
  /** Whether the server's SETTINGS were received. */
  settled = false
  /**
   * How many octets of DATA the server accepts on the connection. A new stream starts with {@link INITIAL_WINDOW}.
   */
  sendWindow = INITIAL_WINDOW
  initialSendWindow = INITIAL_WINDOW

  readonly #options: FrameClientOptions
  readonly #decoder = new Decoder()
  readonly #reader = new FrameReader((frame) => this.#receive(frame))
  /** By how much a stream's window differs from the initial one. */
  readonly #windowChanges = new Map<number, number>()
  #answers: Uint8Array[] = []
  #waiters: (() => void)[] = []
  #isClosed = false

  constructor(url: string, socket: Socket, options: FrameClientOptions) {
    this.url = url
    this.socket = socket
    this.#options = options
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#isClosed = true
        this.#wake()
        resolve()
      })
    })
    socket.on('data', (octets: Buffer) => {
      this.#reader.receive(octets)
      if (this.#answers.length > 0) void this.send(...this.#answers.splice(0))
      this.#wake()
    })
  }

  /** Sends frames. Resolves when the system has accepted them or the connection is gone. */
  send(...frames: Uint8Array[]): Promise<void> {
    if (!this.socket.writable) return Promise.resolve()
    return new Promise((resolve) => {
      const octets = frames.length === 1 ? frames[0]! : Buffer.concat(frames)
      const done = () => resolve()
      this.socket.write(octets, done)
      // A destroyed socket may forget its callbacks.
      void this.closed.then(done)
    })
  }

  /** How many octets of DATA the server accepts on a stream, as far as this client knows. */
  windowOf(streamId: number): number {
    const stream = this.initialSendWindow + (this.#windowChanges.get(streamId) ?? 0)
    return Math.min(this.sendWindow, stream)
  }

  /** Sends a request's body as DATA frames of equal size, once the windows have room for all of it. */
  async sendBody(streamId: number, length: number, frameSize: number): Promise<void> {
    await this.until(() => this.windowOf(streamId) >= length)
    this.sendWindow -= length
    this.#changeWindow(streamId, -length)
    const frames: Buffer[] = []
    for (let sent = 0; sent < length; sent += frameSize) {
      const size = Math.min(frameSize, length - sent)
      frames.push(dataFrame(streamId, new Uint8Array(size).fill(0x61), sent + size === length))
    }
    void this.send(...frames)
  }

  /**
   * Waits until the condition is true. It is checked whenever octets have arrived.
   *
   * @throws Error if the connection ends first
   */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#isClosed) {
        throw new Error(
          `The connection ended after ${this.ended} responses, with ${this.goaway ?? 'no GOAWAY'}.`,
        )
      }
      await new Promise<void>((resolve) => this.#waiters.push(resolve))
    }
  }

  /** Waits until the server has ended a stream, or all of them. */
  async outcome(streamId: number): Promise<StreamOutcome> {
    await this.until(() => (this.outcomes.get(streamId)?.end ?? 'open') !== 'open')
    return this.outcomes.get(streamId)!
  }

  #wake(): void {
    for (const wake of this.#waiters.splice(0)) wake()
  }

  #changeWindow(streamId: number, difference: number): void {
    this.#windowChanges.set(streamId, (this.#windowChanges.get(streamId) ?? 0) + difference)
  }

  #receive({ type, flags, streamId, payload }: ReceivedFrame): void {
    const endStream = (flags & FrameFlag.END_STREAM) !== 0
    switch (type) {
      case FrameType.DATA: {
        const outcome = this.#of(streamId)
        outcome.length += payload.length
        if (outcome.length <= LONGEST_KEPT) outcome.body += payload.toString('latin1')
        const answer = this.#options.onData?.(streamId, payload.length)
        if (answer !== undefined) this.#answers.push(answer)
        if (endStream) this.#end(streamId, 'complete')
        break
      }
      case FrameType.HEADERS:
        this.#receiveHead(streamId, payload)
        if (endStream) this.#end(streamId, 'complete')
        break
      case FrameType.RST_STREAM:
        this.#end(streamId, codeName(payload.readUInt32BE()))
        break
      case FrameType.SETTINGS:
        if ((flags & FrameFlag.ACK) === 0) this.#receiveSettings(payload)
        break
      case FrameType.PING:
        if ((flags & FrameFlag.ACK) === 0) {
          this.#answers.push(makeFrame(FrameType.PING, FrameFlag.ACK, 0, payload))
        }
        break
      case FrameType.GOAWAY:
        this.goaway = codeName(payload.readUInt32BE(4))
        this.lastStreamIds.push(payload.readUInt32BE())
        break
      case FrameType.WINDOW_UPDATE:
        if (streamId === 0) this.sendWindow += payload.readUInt32BE()
        else this.#changeWindow(streamId, payload.readUInt32BE())
        break
    }
  }

  #receiveHead(streamId: number, block: Buffer): void {
    const decoded = this.#decoder.decode(block)
    if (decoded.state !== 'decoded') throw new Error(`A response's head is ${decoded.state}.`)
    const [[name, value] = ['', '']] = decoded.fields
    if (name === ':status' && !value.startsWith('1')) this.#of(streamId).status = Number(value)
  }

  #receiveSettings(payload: Buffer): void {
    for (let offset = 0; offset < payload.length; offset += 6) {
      if (payload.readUInt16BE(offset) === SettingsParameter.INITIAL_WINDOW_SIZE) {
        this.initialSendWindow = payload.readUInt32BE(offset + 2)
      }
    }
    this.settled = true
    this.#answers.push(SETTINGS_ACK_FRAME)
  }

  #of(streamId: number): StreamOutcome {
    let outcome = this.outcomes.get(streamId)
    if (outcome === undefined) {
      outcome = { status: undefined, length: 0, body: '', end: 'open' }
      this.outcomes.set(streamId, outcome)
    }
    return outcome
  }

  /** A complete response stays complete even if the server then stops the upload, RFC 9113 section 8.1. */
  #end(streamId: number, how: 'complete' | ErrorCodeName): void {
    const outcome = this.#of(streamId)
    if (outcome.end !== 'open') return
    outcome.end = how
    this.ended++
  }
}

/** The longest body whose text is kept, in octets. */
const LONGEST_KEPT = 65_536

/** Connects and sends the client preface. The socket is gone when the test has finished. */
export async function frameClient(
  url: string,
  options: FrameClientOptions = {},
): Promise<FrameClient> {
  const socket = rawSocket(url)
  onTestFinished(() => void socket.destroy())
  await once(socket, url.startsWith('https:') ? 'secureConnect' : 'connect')
  socket.on('error', () => {})
  const client = new FrameClient(url, socket, options)
  const { settings, connectionWindow = INITIAL_WINDOW } = options
  const more = connectionWindow - INITIAL_WINDOW
  void client.send(opening(settings), ...(more > 0 ? [windowUpdateFrame(0, more)] : []))
  return client
}

function codeName(code: number): ErrorCodeName {
  const entry = Object.entries(ErrorCode).find(([, value]) => value === code)
  if (entry === undefined) throw new Error(`The server sent the unknown error code ${code}.`)
  return entry[0] as ErrorCodeName
}
