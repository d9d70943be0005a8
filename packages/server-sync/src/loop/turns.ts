import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ApplicationCalls } from '@h2lab/mini-http2/server/thread'

/**
 * A blocking loop that yields where the event loop should get a turn. Without turns, whatever the application leaves to
 * the event loop would wait for ever, and fill the memory: settled promises, rejections, timers, console output, and
 * the targets of weak references.
 */
export type Steps<Result = void> = Generator<undefined, Result, void>

/**
 * How long a loop serves without a turn, in milliseconds. A turn costs some 10 microseconds. What a thousand requests
 * leave behind meanwhile are a few megabytes.
 */
export const TURN_INTERVAL = 20

/**
 * Runs a blocking loop. It blocks the calling thread except for its turns.
 *
 * @param calls told that the application may run
 */
export async function runInTurns<Result>(
  steps: Steps<Result>,
  calls?: ApplicationCalls,
): Promise<Result> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    calls?.enter()
    await nextTurn()
    calls?.leave()
  }
}

/** Runs a blocking loop to its end without giving turns. */
export function runBlocked<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
