import { Duplex } from 'node:stream'
import type { OctetVector } from '@h2lab/octets'

/** One side of a connection, without I/O: a server's or a client's. */
export interface Side {
  receive(octets: OctetVector): void
  takeOutput(): OctetVector | undefined
}

/** The other end of a side, as a stream that Node's own HTTP/2 takes for a socket. */
export class OctetStream extends Duplex {
  readonly #side: Side

  constructor(side: Side) {
    super()
    this.#side = side
  }

  /** Passes on what the side has to send. */
  flush(): void {
    const side = this.#side
    for (let run = side.takeOutput(); run !== undefined; run = side.takeOutput()) this.push(run)
  }

  override _write(octets: Buffer, _encoding: string, done: () => void): void {
    this.#side.receive(octets)
    this.flush()
    done()
  }

  override _read(): void {}
}
