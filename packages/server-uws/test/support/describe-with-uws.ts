import { describe, test } from 'vitest'
import { uwsAvailability } from '../../src'

/**
 * Tests that need a native build of uWebSockets.js. Without one they are reported as skipped, with the
 * reason; where `CI` is `true` they fail, so that no gap goes unnoticed.
 */
export function describeWithUws(title: string, body: () => void): void {
  const availability = uwsAvailability()
  if (availability.state === 'available') {
    describe(title, body)
  } else if (process.env['CI'] === 'true') {
    test(`${title} (needs uWebSockets.js)`, () => {
      throw new Error(availability.reason)
    })
  } else {
    test.skip(`${title} (skipped: ${availability.reason})`)
  }
}
