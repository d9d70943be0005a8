import { Duplex } from 'node:stream'
import type { OctetVector } from '@h2lab/octets'

/** One side of a connection without I/O: a server or a client. */
export interface Side {
  receive(octets: OctetVector): void
  takeOutput(): OctetVector | undefined
}

/** A stream connected to a side, which Node's own HTTP/2 uses like a socket. */
export class OctetStream extends Duplex {
  readonly #side: Side

  constructor(side: Side) {
    super()
    this.#side = side
  }

  /** Passes on the side's output. */
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
