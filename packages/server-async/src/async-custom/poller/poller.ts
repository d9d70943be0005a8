/** Waits for many descriptors at once. Events are sums of `POLL_IN` and `POLL_OUT`. */
export interface Poller {
  /** Adds a descriptor, level-triggered: an event is reported as long as it holds. @throws SystemCallError */
  add(descriptor: number, events: number): void
  /** Changes the events of a descriptor. 0 leaves only errors. @throws SystemCallError */
  modify(descriptor: number, events: number): void
  /**
   * Adds the descriptor of a client, to wait for its input. {@link awaitClient} changes the interest.
   *
   * @throws SystemCallError
   */
  addClient(descriptor: number): void
  /**
   * Called after each turn of a client.
   *
   * @param events the events to wait for, which do not hold as far as known
   * @param unfinished whether some may still hold and must be reported once more
   * @throws SystemCallError
   */
  awaitClient(descriptor: number, events: number, unfinished: boolean): void
  /** The descriptor is about to be closed. */
  forget(descriptor: number): void
  /**
   * Waits for events.
   *
   * @param timeout in milliseconds; 0 to return at once, negative for no limit
   * @returns the number of events; {@link descriptor} and {@link reported} take their indices, from 0 on
   * @throws SystemCallError
   */
  wait(timeout: number): number
  /** The descriptor of an event of the last wait. */
  descriptor(index: number): number
  /** The kind of an event of the last wait, a sum of `POLL_` constants. */
  reported(index: number): number
  close(): void
}

/** The pollers. The cost of epoll(7) depends on what is reported, that of poll(2) on what is waited for. */
export type PollerName = 'epoll' | 'poll'

export const POLLER_NAMES: readonly PollerName[] = ['epoll', 'poll']
