import { describe, expect, test } from 'vitest'

/** A call with an option that does not exist, as an untyped program could make it, and the option that was meant. */
export type MisspeltCall = readonly [
  taker: string,
  call: () => unknown,
  unknown: string,
  meant: string,
]

/**
 * Tests that functions with options refuse an option that does not exist.
 *
 * @param error what it throws or rejects with
 */
export function describeMisspeltOptions(
  calls: readonly MisspeltCall[],
  error: { readonly name: string; readonly code: string },
): void {
  describe('an option that does not exist is refused with the nearest one that does:', () => {
    test.each(calls)('%s, %#', async (_, call, unknown, meant) => {
      await expect(async () => call()).rejects.toMatchObject({
        ...error,
        message: `There is no option ${unknown}. Did you mean ${meant}?`,
      })
    })
  })
}
