import type { OnReadOpts } from 'node:net'

/** What any socket has read last: each batch is done with before the next is read. In octets. */
const BUFFER = Buffer.allocUnsafeSlow(65_536)

/**
 * Where the octets of a socket come in: by a callback with memory that all sockets share, which spares an allocation and
 * the stream's machinery for each batch (`npm run bench` generator-speed, 1,000 x 1). Octets may come before there is
 * a receiver for them; they are kept until then.
 */
export class Inlet {
  #early: Buffer[] = []
  #receive: ((octets: Uint8Array) => void) | undefined

  /** For the socket's options. */
  readonly onread: OnReadOpts = {
    buffer: BUFFER,
    callback: (length, octets) => {
      const batch = octets.subarray(0, length)
      if (this.#receive === undefined) this.#early.push(Buffer.from(batch))
      else this.#receive(batch)
      return true
    },
  }

  /** @param receive gets octets in the order of their arrival, borrowed for the call */
  open(receive: (octets: Uint8Array) => void): void {
    this.#receive = receive
    const early = this.#early
    this.#early = []
    for (const octets of early) receive(octets)
  }
}
