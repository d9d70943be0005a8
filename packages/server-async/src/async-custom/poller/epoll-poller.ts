import { EpollSet } from '@h2lab/tls-context/native'
import type { Poller } from './poller'

/** How many events one wait reports: more only bound the turn. */
const EVENTS_PER_WAIT = 256

/** Waits with epoll(7), level-triggered as poll(2) is: what a turn leaves is reported in the next. */
export class EpollPoller extends EpollSet implements Poller {
  constructor() {
    super(EVENTS_PER_WAIT)
  }

  /** Closing it is enough. */
  forget(_: number): void {}
}
