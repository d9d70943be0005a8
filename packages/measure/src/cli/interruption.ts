/** Ctrl-C and its like, as a run sees them. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal
  /** Leaves signals alone again. */
  end(): void
}

/**
 * Watches for SIGINT and SIGTERM: the first ends a run with what it has, the second ends this
 * process at once.
 *
 * @param onFirst told of the first
 */
export function watchInterruption(onFirst: () => void): Interruption {
  const controller = new AbortController()
  const onSignal = () => {
    // Its children end when it does: see tied-program and the two child processes.
    if (controller.signal.aborted) process.exit(1)
    controller.abort()
    onFirst()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    end() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
