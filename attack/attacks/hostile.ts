import type { ConnectionOptions } from 'node:tls'
import type { Octets } from '../wire/frames'
import { requestBlock } from '../wire/header-blocks'
import { type BeginOptions, HostileConnection } from '../wire/hostile-connection'
import { openTcp, openTls } from '../wire/open'
import { type Pacer, sleep } from '../wire/pacer'
import type { Need } from './attack'

export interface HostileOptions {
  readonly url: URL
  /** What the server has. */
  readonly has: readonly Need[]
  readonly below: boolean
  readonly pacer: Pacer
  readonly signal: AbortSignal
  /** Is told of each connection that was opened. */
  readonly opened: () => void
  /** Is told of each connection that could not be opened, though the attack goes on. */
  readonly refused: () => void
  /** Is told how many octets were sent. */
  readonly sent: (octets: number) => void
}

/** What an attack has at hand to drive one connection. */
export class Hostile {
  /** Whether it is one of so many that each stays just below the limits of one connection. */
  readonly below: boolean
  readonly url: URL
  readonly #options: HostileOptions

  constructor(options: HostileOptions) {
    this.below = options.below
    this.url = options.url
    this.#options = options
  }

  /** The path of a handler that takes 20 s, or of any where handlers don't wait. */
  get slowPath(): string {
    return this.#options.has.includes('waiting-handlers') ? '/slow' : '/'
  }

  /** Says that a connection could not be opened, and that the attack goes on with the next. */
  refused(): void {
    if (!this.stopped) this.#options.refused()
  }

  /** Whether it is enough. */
  get stopped(): boolean {
    return this.#options.signal.aborted
  }

  /** Opens a connection as the URL says, and begins HTTP/2 on it. */
  async open(options: BeginOptions = {}): Promise<HostileConnection> {
    const connection = await this.secure()
    await connection.begin(options)
    return connection
  }

  /** Opens a connection as the URL says: TLS with ALPN `h2`, or TCP. */
  async secure(options: ConnectionOptions = {}): Promise<HostileConnection> {
    const { url, signal } = this.#options
    return this.#made(
      await (url.protocol === 'https:' ? openTls(url, signal, options) : openTcp(url, signal)),
    )
  }

  /**
   * Opens TCP, whatever the URL says.
   *
   * @param keepsSending whether it goes on when the server has ended its side
   */
  async tcp(keepsSending = false): Promise<HostileConnection> {
    const { url, signal } = this.#options
    return this.#made(await openTcp(url, signal, keepsSending))
  }

  /** @returns whether it shall go on */
  sleep(milliseconds: number): Promise<boolean> {
    return sleep(milliseconds, this.#options.signal)
  }

  /** The header block of an ordinary request, which needs no dynamic table. */
  request(path = '/', method = 'GET', fields: readonly (readonly [string, string])[] = []): Octets {
    const { host, protocol } = this.#options.url
    return requestBlock({ method, path, authority: host, scheme: protocol.slice(0, -1) }, fields)
  }

  #made(socket: ConstructorParameters<typeof HostileConnection>[0]): HostileConnection {
    const { pacer, signal, opened, sent } = this.#options
    opened()
    return new HostileConnection(socket, pacer, signal, sent)
  }
}
