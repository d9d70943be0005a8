import { BUFFER_TIME, type Client } from '../client/client'

/** A client that is served again within this time is busy, in milliseconds. */
const BUSY_PERIOD = 100

/** The most clients that keep their buffers. 256 of them hold 8.3 MiB, as much as 400 idle clients in total. */
const MOST_CLIENTS = 256

/**
 * Decides which clients keep OpenSSL's buffers from one record to the next. They take 33 KiB per client; idle clients
 * release them. Allocating and freeing them takes up to half a microsecond per request, see `npm run bench native`
 * (tls-context).
 */
export class BusyClients {
  #count = 0

  /** A client was served at `now`, in milliseconds. */
  served(client: Client, now: number): void {
    const elapsed = now - client.lastTurn
    client.lastTurn = now
    if (client.buffers === 'kept' || elapsed >= BUSY_PERIOD || this.#count === MOST_CLIENTS) return
    if (client.tls === undefined) return
    client.tls.keepBuffers()
    client.buffers = 'kept'
    this.#count += 1
  }

  /** Releases a client's buffers if it is no longer busy. */
  release(client: Client, now: number): void {
    if (client.buffers !== 'kept' || now < client.lastTurn + BUFFER_TIME) return
    client.tls?.releaseBuffers()
    this.forget(client)
  }

  /** A client is about to be freed. */
  forget(client: Client): void {
    if (client.buffers !== 'kept') return
    client.buffers = 'released'
    this.#count -= 1
  }
}
