/** Frames without effect that each response allows: PRIORITY, WINDOW_UPDATE, RST_STREAM and one more. */
export const FRAMES_PER_RESPONSE = 4

/**
 * Clients that read a body in steps may open both windows after each. Smaller steps than this, in octets, are not
 * worth a frame: Go's client has 4,096, the smallest buffers of others 1,024.
 */
const LEAST_WINDOW_STEP = 1024

/**
 * How many WINDOW_UPDATE frames may be outstanding. More is credit that nobody needs: these are enough for a client
 * that reads a window of 64 MiB in steps of 1 KiB.
 */
export const MOST_WINDOW_UPDATES = 131_072

/**
 * How many WINDOW_UPDATE frames may answer a DATA frame: for both windows, and for each step that is read of it.
 *
 * @param size octets of the DATA frame's payload
 */
export function windowUpdatesFor(size: number): number {
  return size < LEAST_WINDOW_STEP ? 2 : 2 + 2 * Math.floor(size / LEAST_WINDOW_STEP)
}
