import { expect } from 'vitest'
import { eventually } from './eventually'

/** The number of handles of each kind that a server may leave open: sockets, pipes and threads. */
export type OpenHandles = ReadonlyMap<string, number>

/** Counts the open handles of this process. */
export function openHandles(): OpenHandles {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) {
    if (/^(TCP|TLS|Worker|MessagePort)/.test(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}

/** Waits until no more handles of each kind are open than before. */
export function noMoreThan(before: OpenHandles): Promise<void> {
  return eventually(() => {
    for (const [kind, count] of openHandles()) {
      expect(count, `open handles of the kind ${kind}`).toBeLessThanOrEqual(before.get(kind) ?? 0)
    }
  })
}
