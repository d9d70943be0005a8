import { EpollPoller } from '../poller/epoll-poller'
import type { ThreadDescriptors } from './thread-descriptors'

/** The poller `epoll` of a thread that may have to be terminated: its own descriptor is known then. */
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
