import { vi } from 'vitest'

/** Tries an expectation again until it holds; gives up late, since shared machines are slow at times. */
export function eventually(expectation: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(expectation, { timeout: 10_000, interval: 20 })
}
