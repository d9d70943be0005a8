import { EpollPoller } from '../poller/epoll-poller'
import type { ThreadDescriptors } from './thread-descriptors'

/** The poller `epoll` with its own descriptor recorded, for threads that may be terminated. */
export class RecordedEpollPoller extends EpollPoller {
  readonly #descriptors: ThreadDescriptors

  constructor(descriptors: ThreadDescriptors) {
    super()
    this.#descriptors = descriptors
    descriptors.add(this.ownDescriptor)
  }

  override close(): void {
    this.#descriptors.forget(this.ownDescriptor)
    super.close()
  }
}
