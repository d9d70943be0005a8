import type { Server, Socket } from 'node:net'
import { DEFAULT_LIMITS } from '@h2lab/mini-http2'
import { ClientRefusedError, listenError, type ServerSetup } from '@h2lab/mini-http2/server'
import { DescriptorLimit } from './descriptor-limit'
import { peerName } from './peer-name'

/**
 * The backlog of listen(2): how many connections may wait to be accepted. As large as Linux allows by default
 * (net.core.somaxconn), so that many clients can connect at once.
 */
const BACKLOG = 4096

/** The largest value of TCP_KEEPIDLE, tcp(7), in milliseconds. */
const LONGEST_KEEP_ALIVE = 32_767_000

/** Listens with a `net`, `tls` or `http2` server, keeps track of its sockets, and ends them all. */
export class SocketListener {
  /** Resolves when the server has stopped listening and no socket is left. */
  readonly ended: Promise<void>

  readonly #server: Server
  readonly #setup: ServerSetup
  readonly #descriptorLimit: DescriptorLimit
  /** All sockets, including those in a TLS handshake. */
  readonly #sockets = new Set<Socket>()

  constructor(server: Server, setup: ServerSetup) {
    this.#server = server
    this.#setup = setup
    this.#descriptorLimit = new DescriptorLimit((error) =>
      setup.onConnectionError({ error, peer: 'unknown' }),
    )
    this.ended = new Promise((resolve) => server.once('close', resolve))
    server.maxConnections = setup.maxClients
    server.on('connection', (socket: Socket) => this.#admit(socket))
    server.on('drop', (dropped) => {
      setup.onConnectionError({
        error: new ClientRefusedError(setup.maxClients),
        peer: peerName(dropped ?? {}),
      })
    })
    server.on('tlsClientError', (error: Error, socket: Socket) => {
      setup.onConnectionError({ error, peer: peerName(socket) })
      // The alert is on its way. Node leaves a half-open socket to the client.
      socket.destroy()
    })
  }

  /**
   * Binds and listens.
   *
   * @returns the port
   * @throws ServerSetupError naming host and port if that fails
   */
  listen(): Promise<number> {
    const { host, port } = this.#setup
    return new Promise((resolve, reject) => {
      const onError = (error: Error) => {
        this.#server.close()
        reject(listenError(error, host, port))
      }
      this.#server.once('error', onError)
      this.#server.listen({ host, port, backlog: BACKLOG }, () => {
        this.#server.off('error', onError)
        // For example ENOBUFS when a connection is accepted. The server continues.
        this.#server.on('error', (error) =>
          this.#setup.onConnectionError({ error, peer: 'unknown' }),
        )
        const address = this.#server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  /** Stops accepting clients. */
  stop(): void {
    this.#server.close()
  }

  /** Stops accepting clients and ends all sockets at once. */
  kill(): void {
    this.stop()
    for (const socket of this.#sockets) socket.destroy()
  }

  #admit(socket: Socket): void {
    const { noDelay, limits } = this.#setup
    socket.setNoDelay(noDelay)
    const { keepAlive = DEFAULT_LIMITS.keepAlive } = limits
    // The protocol sends PING to clients with open requests. TCP probes all others, such as idle ones.
    if (keepAlive !== Number.POSITIVE_INFINITY)
      socket.setKeepAlive(true, toKeepAliveDelay(keepAlive))
    this.#descriptorLimit.accepted(socket)
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    // Handshake errors are also reported as tlsClientError. An unhandled `error` event would end the process.
    socket.on('error', () => {})
  }
}

/**
 * Node rounds it down to whole seconds, and uses the system's default of two hours for 0. Ten probes follow, one per
 * second.
 */
function toKeepAliveDelay(milliseconds: number): number {
  return Math.min(Math.max(1000, milliseconds), LONGEST_KEEP_ALIVE)
}
