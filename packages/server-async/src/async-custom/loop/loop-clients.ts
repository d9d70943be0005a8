import type { Client } from '../client/client'

/** The clients of a loop by their descriptors: small numbers, which the system uses again. */
export class LoopClients {
  readonly #byDescriptor: (Client | undefined)[] = []
  /** How many there are. */
  size = 0

  get(descriptor: number): Client | undefined {
    return this.#byDescriptor[descriptor]
  }

  add(client: Client): void {
    // Without holes, it stays an array that is looked up by one load.
    while (this.#byDescriptor.length <= client.descriptor) this.#byDescriptor.push(undefined)
    this.#byDescriptor[client.descriptor] = client
    this.size += 1
  }

  delete(client: Client): void {
    this.#byDescriptor[client.descriptor] = undefined
    this.size -= 1
  }

  /** All of them now: what is done with them may remove some. */
  all(): Client[] {
    return this.#byDescriptor.filter((client) => client !== undefined)
  }
}
