import { vi } from 'vitest'

/** Retries an expectation until it holds. It gives up late, because shared machines are sometimes slow. */
export function eventually(expectation: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(expectation, { timeout: 10_000, interval: 20 })
}
