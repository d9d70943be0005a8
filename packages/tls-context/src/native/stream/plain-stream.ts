import { SocketTimeoutError } from '../errors'
import { closeDescriptor, shutdownSocket } from '../sockets/socket'
import { WOULD_BLOCK } from '../sockets/system-call'
import { readSocket, writeSocket, writeSocketAtOnce } from '../sockets/transfer'
import type { OctetStream } from './octet-stream'

/** A stream without encryption. */
export class PlainStream implements OctetStream {
  readonly descriptor: number
  readonly pending = false
  #closed = false

  /** @param descriptor of a connected socket in blocking mode; owned by the stream from now on */
  constructor(descriptor: number) {
    this.descriptor = descriptor
  }

  read(octets: Uint8Array): number {
    const count = readSocket(this.descriptor, octets)
    if (count === WOULD_BLOCK) throw new SocketTimeoutError('read', this.descriptor)
    return count
  }

  write(octets: Uint8Array): void {
    const count = writeSocket(this.descriptor, octets)
    if (count < octets.length) throw new SocketTimeoutError('write', this.descriptor)
  }

  writeAtOnce(octets: Uint8Array, offset: number): number {
    return writeSocketAtOnce(this.descriptor, offset === 0 ? octets : octets.subarray(offset))
  }

  shutdown(): void {
    shutdownSocket(this.descriptor, 'write')
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    closeDescriptor(this.descriptor)
  }
}
