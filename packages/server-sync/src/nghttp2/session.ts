import { ErrorCode } from '@h2lab/mini-http2/frames'
import type { OctetVector } from '@h2lab/octets'
import { type Address, readAddress } from '@h2lab/tls-context/native'
import { addSession, removeSession, type SessionEvents, sharedCallbacks } from './callbacks'
import { nghttp2 } from './library'
import type { Nghttp2Options } from './options'

/** An `nghttp2_session`: its memory, and the calls that concern the whole connection. */
export class Nghttp2Session {
  readonly #number: number
  #address: Address | undefined

  /**
   * Creates a session and submits its SETTINGS.
   *
   * @param events called by nghttp2 during {@link receive} and {@link send}
   */
  constructor(events: SessionEvents, options: Nghttp2Options) {
    this.#number = addSession(events)
    this.#address = newSession(this.#number, options)
  }

  /** Undefined once the session is freed. Nothing else may be called then. */
  get address(): Address | undefined {
    return this.#address
  }

  /** @returns the number of octets processed, or an error code of nghttp2, which is negative */
  receive(octets: OctetVector): number {
    return nghttp2().nghttp2_session_mem_recv(this.#address!, octets, octets.length)
  }

  /**
   * Produces the next run of output, which begins with a frame header.
   *
   * @param target where nghttp2 writes the address of the run
   * @returns the length of the run; 0 or less if there is nothing to send
   */
  send(target: Address): number {
    return nghttp2().nghttp2_session_mem_send(this.#address!, target)
  }

  /** Whether nghttp2 still expects input or has output. If not, the connection is over. */
  get wantsAnything(): boolean {
    const library = nghttp2()
    return (
      library.nghttp2_session_want_read(this.#address!) !== 0 ||
      library.nghttp2_session_want_write(this.#address!) !== 0
    )
  }

  /** @param payload eight octets */
  submitPing(payload: Buffer): void {
    nghttp2().nghttp2_submit_ping(this.#address!, 0, payload)
  }

  /** Submits the first GOAWAY of a graceful shutdown, RFC 9113 section 6.8. */
  submitShutdownNotice(): void {
    nghttp2().nghttp2_submit_shutdown_notice(this.#address!)
  }

  /** Submits a GOAWAY that names the last stream processed so far. Returns that stream. */
  submitFinalGoaway(): number {
    const library = nghttp2()
    const last = library.nghttp2_session_get_last_proc_stream_id(this.#address!)
    library.nghttp2_submit_goaway(this.#address!, 0, last, ErrorCode.NO_ERROR, null, 0)
    return last
  }

  /** Submits a GOAWAY after which nghttp2 processes nothing more. */
  terminate(errorCode: number): void {
    nghttp2().nghttp2_session_terminate_session(this.#address!, errorCode)
  }

  /** Frees the memory. Does nothing the second time. */
  free(): void {
    const address = this.#address
    if (address === undefined) return
    this.#address = undefined
    removeSession(this.#number)
    nghttp2().nghttp2_session_del(address)
  }
}

function newSession(number: number, options: Nghttp2Options): Address {
  const { option, settings, limits } = options
  const { callbacks } = sharedCallbacks()
  const library = nghttp2()
  const created = Buffer.alloc(8)
  library.nghttp2_session_server_new2(created, callbacks, number, option)
  const session = readAddress(created)
  library.nghttp2_submit_settings(session, 0, settings.entries, settings.count)
  library.nghttp2_session_set_local_window_size(session, 0, 0, limits.connectionWindowSize)
  return session
}
