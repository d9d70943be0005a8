import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

/** How often it is told that no descriptor is left, in milliseconds: clients that come and go could cause it all the time. */
const PERIOD = 1000

/**
 * Notices when the process has used up its descriptors, RLIMIT_NOFILE of getrlimit(2). Node does not tell: it keeps one
 * descriptor back, accepts the next clients by it, and closes them at once, so that the queue does not keep it busy.
 */
export class DescriptorLimit {
  readonly #onExhausted: (error: Error) => void
  readonly #limit: number
  #quietUntil = Number.NEGATIVE_INFINITY

  /** @param onExhausted called with an error whose `code` is EMFILE */
  constructor(onExhausted: (error: Error) => void) {
    this.#onExhausted = onExhausted
    this.#limit = descriptorLimit()
  }

  /** A client was accepted. The system gives it the lowest descriptor that is free. */
  accepted(socket: Socket): void {
    const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd?: number } }
    if ((handle?.fd ?? 0) < this.#limit - 1) return
    const now = performance.now()
    if (now < this.#quietUntil) return
    this.#quietUntil = now + PERIOD
    this.#onExhausted(noDescriptorLeft(this.#limit))
  }
}

function noDescriptorLeft(limit: number): Error {
  const error = new Error(
    `The process has used up its ${limit} file descriptors (EMFILE). New clients are closed until others leave. Raise the limit (ulimit -n), or set maxClients below it.`,
  )
  return Object.assign(error, { code: 'EMFILE' })
}

/** Infinity where the system does not tell: only Linux has the file. */
function descriptorLimit(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'latin1')
    const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
