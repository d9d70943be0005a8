import { libc } from '../foreign/libc'

const NANOSECONDS_PER_MICROSECOND = 1000
const MOST_MICROSECONDS = 1_000_000

/** `struct timespec`: seconds, nanoseconds, each of 8 octets, of which the first four are enough. */
const time = new Int32Array(4)

/**
 * Keeps the thread waiting, nanosleep(2): a little longer than it is told (`PR_SET_TIMERSLACK`, prctl(2)), or shorter
 * if a signal comes.
 *
 * @param microseconds less than a second
 * @throws RangeError
 */
export function sleep(microseconds: number): void {
  if (!(microseconds >= 0 && microseconds < MOST_MICROSECONDS)) {
    throw new RangeError(`A sleep of ${microseconds} us is not from 0 to a second.`)
  }
  time[2] = microseconds * NANOSECONDS_PER_MICROSECOND
  libc().nanosleep(time, null)
}
