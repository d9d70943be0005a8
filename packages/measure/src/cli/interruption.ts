/** SIGINT and SIGTERM, as a run sees them. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal
  /** Stops handling signals. */
  end(): void
}

/**
 * Handles SIGINT and SIGTERM: the first ends a run and keeps its results, the second ends this process at once.
 *
 * @param onFirst called on the first signal
 */
export function watchInterruption(onFirst: () => void): Interruption {
  const controller = new AbortController()
  const onSignal = () => {
    // The child processes end with this one, see tied-program and the two child processes.
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
