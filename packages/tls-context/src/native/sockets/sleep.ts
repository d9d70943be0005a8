import { libc } from '../foreign/libc'

const NANOSECONDS_PER_MICROSECOND = 1000
const MOST_MICROSECONDS = 1_000_000

/**
 * `struct timespec`: seconds and nanoseconds of 8 octets each, of which the first four are enough.
 */
const time = new Int32Array(4)

/**
 * Blocks the thread, nanosleep(2): slightly longer than requested (`PR_SET_TIMERSLACK`, prctl(2)),
 * or shorter because of a signal.
 *
 * @param microseconds less than a second
 * @throws RangeError
 */
export function sleep(microseconds: number): void {
  if (!(microseconds >= 0 && microseconds < MOST_MICROSECONDS)) {
    throw new RangeError(`A sleep must be from 0 to less than 1,000,000 us, not ${microseconds}.`)
  }
  time[2] = microseconds * NANOSECONDS_PER_MICROSECOND
  libc().nanosleep(time, null)
}
