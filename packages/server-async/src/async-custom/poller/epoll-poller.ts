import {
  EPOLL_EDGE_TRIGGERED,
  EpollSet,
  POLL_IN,
  POLL_OUT,
  POLL_PEER_CLOSED,
} from '@h2lab/tls-context/native'
import type { Poller } from './poller'

/** How many events one wait reports: more only bound the turn. */
const EVENTS_PER_WAIT = 256

/**
 * What is told of a client: changes only, all of them. The end of its octets is told apart, since a read that isn't
 * filled may have left it behind.
 */
const CLIENT_EVENTS = POLL_IN | POLL_OUT | POLL_PEER_CLOSED | EPOLL_EDGE_TRIGGERED

/**
 * Waits with epoll(7), edge-triggered for clients: what is reported as long as it holds is looked at twice, when it
 * is reported and when it no longer holds, and changing what is waited for is a system call. `npm run bench requests`
 * (server-async) has what a request costs with each poller.
 */
export class EpollPoller extends EpollSet implements Poller {
  constructor() {
    super(EVENTS_PER_WAIT)
  }

  addClient(descriptor: number): void {
    this.add(descriptor, CLIENT_EVENTS)
  }

  awaitClient(descriptor: number, _: number, unfinished: boolean): void {
    // Reports what holds now as if it had just changed.
    if (unfinished) this.modify(descriptor, CLIENT_EVENTS)
  }

  /** Closing it is enough. */
  forget(_: number): void {}
}
