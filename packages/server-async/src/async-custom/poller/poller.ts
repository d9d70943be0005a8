/** Waits for many descriptors at once. Events are sums of `POLL_IN` and `POLL_OUT`. */
export interface Poller {
  /** Waits for a descriptor from now on: what it reports it reports again as long as it holds. @throws SystemCallError */
  add(descriptor: number, events: number): void
  /** Changes what is waited for; 0 is errors only. @throws SystemCallError */
  modify(descriptor: number, events: number): void
  /** Waits for a client's octets from now on. Its descriptor is told about with {@link awaitClient}. @throws SystemCallError */
  addClient(descriptor: number): void
  /**
   * What a client's loop has left to wait for, after each turn of that client.
   *
   * @param events what isn't possible as far as known
   * @param unfinished whether it may still be possible, so that it has to be reported once more
   * @throws SystemCallError
   */
  awaitClient(descriptor: number, events: number, unfinished: boolean): void
  /** The descriptor is about to be closed. */
  forget(descriptor: number): void
  /**
   * Waits until something is reported.
   *
   * @param timeout milliseconds; 0 to look only, negative for no limit
   * @returns how many events there are, for {@link descriptor} and {@link reported} from 0 on
   * @throws SystemCallError
   */
  wait(timeout: number): number
  /** The descriptor that an event of the last wait is about. */
  descriptor(index: number): number
  /** What an event of the last wait reports: a sum of `POLL_` constants. */
  reported(index: number): number
  close(): void
}

/** The ways to wait: epoll(7) costs by what is reported, poll(2) by what is waited for. */
export type PollerName = 'epoll' | 'poll'

export const POLLER_NAMES: readonly PollerName[] = ['epoll', 'poll']
