import type { ConnectionFault } from '@h2lab/mini-http2/server'

/** How many faults of a kind are printed within a period. */
const MOST_LINES = 10

/** In milliseconds. */
const PERIOD = 10_000

/** The faults of a kind in the current period. */
interface Kind {
  count: number
  readonly timer: NodeJS.Timeout
}

/**
 * Prints the faults of connections, one per line. Clients can cause any number of them, so only the first ten of a kind
 * are printed within ten seconds, then a line with the number of the others. Control characters are escaped, because
 * messages may quote what a client has sent.
 */
export class ServeLog {
  readonly #print: (line: string) => void
  readonly #period: number
  readonly #kinds = new Map<string, Kind>()

  /**
   * @param print prints a line, which ends with a line feed
   * @param period in milliseconds
   */
  constructor(print: (line: string) => void, period = PERIOD) {
    this.#print = print
    this.#period = period
  }

  /** Prints a fault, or counts it. */
  add({ error, peer }: ConnectionFault): void {
    const { code } = error as { readonly code?: unknown }
    const name = typeof code === 'string' ? code : error.name
    let kind = this.#kinds.get(name)
    if (kind === undefined) {
      // It must not keep the process alive.
      const timer = setTimeout(() => this.#end(name), this.#period).unref()
      kind = { count: 0, timer }
      this.#kinds.set(name, kind)
    }
    kind.count++
    if (kind.count > MOST_LINES) return
    const suffix = code === undefined ? '' : ` (${String(code)})`
    const prefix = peer === 'unknown' ? '' : `${peer}: `
    this.#print(`${printable(`${prefix}${error.message}${suffix}`)}\n`)
  }

  /** Prints what has been counted so far. */
  close(): void {
    for (const name of this.#kinds.keys()) this.#end(name)
  }

  #end(name: string): void {
    const kind = this.#kinds.get(name)
    if (kind === undefined) return
    clearTimeout(kind.timer)
    this.#kinds.delete(name)
    const leftOut = kind.count - MOST_LINES
    if (leftOut > 0) this.#print(`${leftOut} more of the kind ${printable(name)}\n`)
  }
}

/** Terminals interpret control characters as commands. */
function printable(text: string): string {
  return text.replace(
    /\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}
