/** What happens to threads when the process exits: first all are told to end, then those are awaited that must be. */
const STEPS = ['end', 'await'] as const

const callbacks = { end: new Set<() => void>(), await: new Set<() => void>() }

/**
 * Calls a function when this process, or worker thread, exits without having closed its server. Node.js terminates its
 * threads then. It waits for ever for one that is blocked by the system, and the process aborts if one is terminated
 * while it loads a native addon.
 *
 * @returns a function that takes the callback back
 */
export function onProcessExit(step: (typeof STEPS)[number], callback: () => void): () => void {
  if (callbacks.end.size + callbacks.await.size === 0) process.on('exit', run)
  callbacks[step].add(callback)
  return () => {
    callbacks[step].delete(callback)
    if (callbacks.end.size + callbacks.await.size === 0) process.off('exit', run)
  }
}

function run(): void {
  for (const step of STEPS) for (const callback of callbacks[step]) callback()
}
