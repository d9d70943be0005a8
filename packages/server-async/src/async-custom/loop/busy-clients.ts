import { BUFFER_TIME, type Client } from '../client/client'

/** A client that is served again after less than this is busy, in milliseconds. */
const BUSY_PERIOD = 100

/** How many clients keep their buffers at most: 256 have 8.3 MiB, as much as 400 idle ones have in all. */
const MOST_CLIENTS = 256

/**
 * Which clients keep OpenSSL's buffers from one record to the next: 33 KiB for a busy client, which an idle one gives
 * back. To get and free them takes up to half a microsecond of a request, as `npm run bench native` (tls-context) shows.
 */
export class BusyClients {
  #count = 0

  /** A client has had a turn at `now`, in milliseconds. */
  served(client: Client, now: number): void {
    const elapsed = now - client.lastTurn
    client.lastTurn = now
    if (client.buffers === 'kept' || elapsed >= BUSY_PERIOD || this.#count === MOST_CLIENTS) return
    if (client.tls === undefined) return
    client.tls.keepBuffers()
    client.buffers = 'kept'
    this.#count += 1
  }

  /** Gives a client's buffers back if it is no longer busy. */
  release(client: Client, now: number): void {
    if (client.buffers !== 'kept' || now < client.lastTurn + BUFFER_TIME) return
    client.tls?.releaseBuffers()
    this.forget(client)
  }

  /** A client's memory will be freed. */
  forget(client: Client): void {
    if (client.buffers !== 'kept') return
    client.buffers = 'released'
    this.#count -= 1
  }
}
