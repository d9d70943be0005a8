import {
  EPOLL_EDGE_TRIGGERED,
  EpollSet,
  POLL_IN,
  POLL_OUT,
  POLL_PEER_CLOSED,
} from '@h2lab/tls-context/native'
import type { Poller } from './poller'

/** The most events that one wait reports. It bounds the length of a turn. */
const EVENTS_PER_WAIT = 256

/**
 * The events reported for a client, all of them edge-triggered. The end of the input is reported separately, because
 * a read that does not fill the buffer may leave it unread.
 */
const CLIENT_EVENTS = POLL_IN | POLL_OUT | POLL_PEER_CLOSED | EPOLL_EDGE_TRIGGERED

/**
 * Waits with epoll(7), edge-triggered for clients. Level-triggered events would be handled twice, when they are
 * reported and when they no longer hold, and changing the interest is a system call. `npm run bench requests`
 * (server-async) compares the pollers.
 */
export class EpollPoller extends EpollSet implements Poller {
  constructor() {
    super(EVENTS_PER_WAIT)
  }

  addClient(descriptor: number): void {
    this.add(descriptor, CLIENT_EVENTS)
  }

  awaitClient(descriptor: number, _: number, unfinished: boolean): void {
    // Makes epoll report the current state again.
    if (unfinished) this.modify(descriptor, CLIENT_EVENTS)
  }

  /** Closing the descriptor is enough. */
  forget(_: number): void {}
}
