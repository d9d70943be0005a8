import { vi } from 'vitest'

/**
 * Retries an expectation until it passes, with a long timeout because shared machines can be slow.
 */
export function eventually(expectation: () => void): Promise<void> {
  return vi.waitFor(expectation, 10_000)
}
