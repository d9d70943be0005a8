import type { DispatchMethod, HandlerSupport, ServerSetup, StartedServer } from './dispatch-method'
import { checkOptionNames, invalidOption } from './invalid-option'
import { LONGEST_TIMER } from './longest-timer'
import { type ServerOptions, toServerSetup } from './server-options'
import { serverUrl } from './server-url'

/** A running server. */
export interface Server {
  /** Such as `https://127.0.0.1:8443/`. */
  readonly url: string
  readonly host: string
  readonly port: number
  readonly tls: boolean
  /** Such as `async/mini`. */
  readonly implementation: string
  /**
   * Resolves when the server has ended and all its resources are released. Rejects with a
   * ServerFailedError if it ended by itself. `onConnectionError` gets that error as well, so nothing
   * happens if the rejection is ignored.
   */
  readonly ended: Promise<void>
  /**
   * Closes the server. Further calls can shorten the grace time, but not extend it.
   *
   * @param options.graceMs how long connections may take to finish their requests, in milliseconds.
   *   Default 1000; 0 ends them immediately
   * @returns a promise that resolves when all resources of the server are released, even if it has
   *   failed; the same promise for each call
   * @throws ServerSetupError `INVALID_OPTION` if `graceMs` is not a valid timer duration, or
   *   another option is given
   */
  close(options?: { readonly graceMs?: number | undefined }): Promise<void>
}

/**
 * Starts a server.
 *
 * @param method how the server waits for clients and their data
 * @returns a promise that resolves when the server accepts connections
 * @throws UnsupportedServerSetupError if the combination is not supported
 * @throws ServerSetupError if the value of an option is invalid, or listening fails
 * @throws the rejection of `tls`, an error in the certificate, the reason of the signal, or an
 *   error of `onListening`; no resources of the server remain then
 */
export async function createServer<Protocol extends string, Handlers extends HandlerSupport>(
  method: DispatchMethod<Protocol, Handlers>,
  options: ServerOptions<NoInfer<Protocol>, NoInfer<Handlers>>,
): Promise<Server> {
  const setup = await toServerSetup(method, options)
  const { signal, onListening } = options
  signal?.throwIfAborted()
  const started = await method.start(setup)
  const server = toServer(setup, started)
  try {
    signal?.throwIfAborted()
    onListening?.(server.url)
  } catch (error) {
    await server.close({ graceMs: 0 })
    throw error
  }
  if (signal !== undefined) endOnAbort(server, started, signal)
  return server
}

function endOnAbort(server: Server, started: StartedServer, signal: AbortSignal): void {
  const end = () => void server.close({ graceMs: 0 })
  signal.addEventListener('abort', end, { once: true })
  // A signal may outlive many servers.
  void started.ended.then(() => signal.removeEventListener('abort', end))
}

function toServer(setup: ServerSetup<string>, started: StartedServer): Server {
  const address = { host: setup.host, port: started.port, tls: setup.tls !== undefined }
  const closing = new Closing(started)
  const ended = started.ended.then(() => {
    const { failure } = started
    if (failure === undefined) return
    setup.onConnectionError({ error: failure, peer: 'unknown' })
    throw failure
  })
  ended.catch(() => {})
  return {
    ...address,
    ended,
    url: serverUrl(address),
    implementation: setup.implementation,
    close(options = {}) {
      checkOptionNames(options, { graceMs: true })
      const { graceMs = 1000 } = options
      if (!(graceMs >= 0 && graceMs <= LONGEST_TIMER)) {
        throw invalidOption('graceMs', graceMs, `0 to ${LONGEST_TIMER} milliseconds`)
      }
      return closing.within(graceMs)
    },
  }
}

/** The shutdown of a server: drains it first, then kills it. */
class Closing {
  readonly #started: StartedServer
  readonly #ended: Promise<void>
  #state: 'serving' | 'draining' | 'killed' = 'serving'
  #timer: NodeJS.Timeout | undefined
  /** When the timer fires, in milliseconds of `performance.now()`. */
  #killAt = Number.POSITIVE_INFINITY

  constructor(started: StartedServer) {
    this.#started = started
    this.#ended = started.ended.then(() => {
      this.#state = 'killed'
      clearTimeout(this.#timer)
    })
  }

  within(graceMs: number): Promise<void> {
    if (this.#state !== 'killed') {
      if (graceMs === 0) this.#kill()
      else this.#drain(graceMs)
    }
    return this.#ended
  }

  #drain(graceMs: number): void {
    if (this.#state === 'serving') {
      this.#state = 'draining'
      this.#started.drain()
    }
    const killAt = performance.now() + graceMs
    if (killAt >= this.#killAt) return
    this.#killAt = killAt
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#kill(), graceMs)
  }

  #kill(): void {
    clearTimeout(this.#timer)
    this.#state = 'killed'
    this.#started.kill()
  }
}
