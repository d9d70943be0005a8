import { readdirSync } from 'node:fs'
import { expect } from 'vitest'
import { eventually } from '../../../../test-support/eventually'

/** What this process has of the system. */
export interface Resources {
  readonly descriptors: number
  readonly threads: number
}

/** Counts them, proc(5). */
export function resources(): Resources {
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
  }
}

/** Waits until no more of any are in use than before. */
export function noMoreResourcesThan(before: Resources): Promise<void> {
  return eventually(() => {
    const now = resources()
    expect(now.descriptors, 'descriptors').toBeLessThanOrEqual(before.descriptors)
    expect(now.threads, 'threads').toBeLessThanOrEqual(before.threads)
  })
}
