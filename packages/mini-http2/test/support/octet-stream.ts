import { Duplex } from 'node:stream'
import type { OctetVector } from '@h2lab/octets'
import { type Source, takeAll } from './exchange'

/** One side of a connection, without I/O: a server's or a client's. */
export interface Side extends Source {
  receive(octets: OctetVector): void
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
    const octets = takeAll(this.#side)
    if (octets.length > 0) this.push(octets)
  }

  override _write(octets: Buffer, _encoding: string, done: () => void): void {
    this.#side.receive(octets)
    this.flush()
    done()
  }

  override _read(): void {}
}
