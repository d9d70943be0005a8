/** How many faults are told in words. */
const MOST_WORDS = 20

/** Counts what clients have done and what came of it. */
export class Tally {
  /** Visits that have ended, by kind of client. */
  readonly visits = new Map<string, number>()
  requests = 0
  right = 0
  failures = 0
  wrongs = 0
  /** The first faults in words. */
  readonly words: string[] = []

  visited(kind: string): void {
    this.visits.set(kind, (this.visits.get(kind) ?? 0) + 1)
  }

  asked(): void {
    this.requests++
  }

  answered(): void {
    this.right++
  }

  /** A request of a well-behaved client, or its whole visit, has failed. */
  failed(what: string): void {
    this.failures++
    this.#say(what)
  }

  /** An answer does not belong to its request, whatever the client. */
  wrong(what: string): void {
    this.wrongs++
    this.#say(what)
  }

  #say(what: string): void {
    if (this.words.length < MOST_WORDS) this.words.push(what)
  }
}
