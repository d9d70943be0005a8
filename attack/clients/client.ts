import type { Socket } from 'node:net'
import { ClientConnection, type PreparedRequest } from '@h2lab/mini-http2/client'
import { openTcp, openTls } from '../wire/open'

export interface ClientEvents {
  /** A response is there, of a good status, or none will be. */
  onAnswer(streamId: number, isGood: boolean): void
  /** The connection is gone, for whatever reason. */
  onLost(): void
}

/** An ordinary client: it reads what comes, and knows its limits. */
export class Client {
  readonly #socket: Socket
  readonly #connection: ClientConnection
  readonly #onSent: (octets: number) => void
  #isFlushing = false
  #isLost = false

  private constructor(socket: Socket, events: ClientEvents, onSent: (octets: number) => void) {
    this.#socket = socket
    this.#onSent = onSent
    this.#connection = new ClientConnection({
      onEnd: (streamId, status) => events.onAnswer(streamId, status >= 200 && status < 400),
      onReset: (streamId) => events.onAnswer(streamId, false),
      onMalformed: (streamId) => events.onAnswer(streamId, false),
    })
    socket.on('data', (octets: Buffer) => {
      this.#connection.receive(octets)
      this.flush()
    })
    socket.on('drain', () => this.flush())
    socket.on('error', () => {})
    const lost = () => {
      if (this.#isLost) return
      this.#isLost = true
      socket.destroy()
      events.onLost()
    }
    socket.once('close', lost)
    socket.once('end', lost)
    this.flush()
  }

  /** @param onSent is told how many octets it sends */
  static async open(
    url: URL,
    signal: AbortSignal,
    events: ClientEvents,
    onSent: (octets: number) => void = () => {},
  ): Promise<Client> {
    const socket = await (url.protocol === 'https:' ? openTls(url, signal) : openTcp(url, signal))
    return new Client(socket, events, onSent)
  }

  /** Whether it takes requests. */
  get isOpen(): boolean {
    return !this.#isLost && this.#connection.state === 'open'
  }

  /** How many octets wait to be sent. */
  get waiting(): number {
    return this.#socket.writableLength
  }

  /** Sends a request, with the others of this turn. @returns its stream */
  send(request: PreparedRequest): number {
    const streamId = this.#connection.send(request)
    if (!this.#isFlushing) {
      this.#isFlushing = true
      queueMicrotask(() => {
        this.#isFlushing = false
        this.flush()
      })
    }
    return streamId
  }

  /** Sends what is to be sent. */
  flush(): void {
    while (!this.#isLost && !this.#socket.writableNeedDrain) {
      const octets = this.#connection.takeOutput()
      if (octets === undefined) return
      this.#onSent(octets.length)
      this.#socket.write(octets)
    }
  }

  close(): void {
    this.#isLost = true
    this.#socket.destroy()
  }
}
