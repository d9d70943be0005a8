import { setTimeout as delay } from 'node:timers/promises'

/** Waits, but not when it is time to go. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => {})
}
