import type { Client } from '../client/client'

/** The clients of a loop by descriptor. Descriptors are small numbers that the system reuses. */
export class LoopClients {
  readonly #byDescriptor: (Client | undefined)[] = []
  /** The number of clients. */
  size = 0

  get(descriptor: number): Client | undefined {
    return this.#byDescriptor[descriptor]
  }

  add(client: Client): void {
    // Without holes, V8 keeps an array in which a lookup is one load.
    while (this.#byDescriptor.length <= client.descriptor) this.#byDescriptor.push(undefined)
    this.#byDescriptor[client.descriptor] = client
    this.size += 1
  }

  delete(client: Client): void {
    this.#byDescriptor[client.descriptor] = undefined
    this.size -= 1
  }

  /** A copy, because callers may remove clients while they iterate. */
  all(): Client[] {
    return this.#byDescriptor.filter((client) => client !== undefined)
  }
}
