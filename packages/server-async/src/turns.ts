import type { Connection } from '@h2lab/mini-http2/protocol'

/**
 * How long a client may go on with what it has sent at once before others are served, in milliseconds. A client that
 * waits for each response would feel a longer time; asking for events after a shorter one would cost more than it.
 */
const TURN_TIME = 0.1

/**
 * The clients that have sent more than is served at once. Each goes on for a short time when its input comes, and
 * then waits here for its next turn, while the loop serves others. Output waits as well, so it still leaves by one write.
 */
export class Turns<Client> {
  readonly #waiting = new Set<Client>()
  /** Those that have done much since {@link beginAnew}. */
  readonly #busy: Connection[] = []

  /** Whether clients wait. */
  get hasWaiting(): boolean {
    return this.#waiting.size > 0
  }

  /**
   * Goes on with a client's connection, which awaits a turn.
   *
   * @returns whether it has done all; if not, the client waits for {@link serve}
   */
  goOn(client: Client, connection: Connection): boolean {
    const end = performance.now() + TURN_TIME
    do {
      connection.takeTurn()
      if (!connection.awaitsTurn) return true
    } while (performance.now() < end)
    this.#waiting.add(client)
    return false
  }

  /** A connection was served, and nears the end of its turn. */
  onNearEnd(connection: Connection): void {
    this.#busy.push(connection)
  }

  /** Everyone who needed it was served, so connections may do as much again. */
  beginAnew(): void {
    for (const connection of this.#busy) connection.beginTurn()
    this.#busy.length = 0
  }

  /** Gives clients their turn, the one that has waited longest first, until they have had their time. */
  serve(takeTurn: (client: Client) => void): void {
    const end = performance.now() + TURN_TIME
    do {
      const client = this.#waiting.values().next().value
      if (client === undefined) return
      this.#waiting.delete(client)
      takeTurn(client)
    } while (performance.now() < end)
  }

  /** A client is gone. */
  forget(client: Client): void {
    this.#waiting.delete(client)
  }
}
