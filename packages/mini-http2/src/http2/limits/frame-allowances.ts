/**
 * Frames without effect allowed for each response: PRIORITY, WINDOW_UPDATE, RST_STREAM and one
 * more.
 */
export const FRAMES_PER_RESPONSE = 4

/**
 * Clients that read a body in steps may open both windows after each step. Steps smaller than this,
 * in octets, are not worth a frame: Go's client uses 4,096 octets, the smallest buffers of others
 * have 1,024.
 */
const LEAST_WINDOW_STEP = 1024

/**
 * The maximum number of WINDOW_UPDATE frames that may be outstanding. It is enough for a client
 * that reads a window of 64 MiB in steps of 1 KiB.
 */
export const MOST_WINDOW_UPDATES = 131_072

/**
 * How many WINDOW_UPDATE frames a DATA frame allows: for both windows, and for each step in which
 * it is read.
 *
 * @param size octets of the DATA frame's payload
 */
export function windowUpdatesFor(size: number): number {
  return size < LEAST_WINDOW_STEP ? 2 : 2 + 2 * Math.floor(size / LEAST_WINDOW_STEP)
}
