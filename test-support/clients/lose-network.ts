import { createRequire } from 'node:module'
import type { Socket } from 'node:net'

/** The koffi of the packages that call C. */
const koffi = createRequire(new URL('../../packages/tls-context/package.json', import.meta.url))(
  'koffi',
) as {
  address(octets: Uint8Array): bigint
  load(library: null): {
    func(name: string, result: string, parameters: string[]): SetSocketOption
  }
}

type SetSocketOption = (
  descriptor: number,
  level: number,
  option: number,
  value: Uint8Array,
  length: number,
) => number

const SOL_SOCKET = 1
const SO_ATTACH_FILTER = 26

/**
 * Cuts a client off from the network: the system drops everything that arrives for this socket, so nothing is
 * acknowledged, answered or reset. This uses a socket filter, SO_ATTACH_FILTER of socket(7).
 *
 * @throws Error if the system refuses the filter
 */
export function loseNetwork(socket: Socket): void {
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle
  // One instruction: return 0 octets of the packet (BPF_RET | BPF_K).
  const program = Buffer.from(new ArrayBuffer(8))
  program.writeUInt16LE(0x06)
  // struct sock_fprog: the number of instructions and their address.
  const description = Buffer.from(new ArrayBuffer(16))
  description.writeUInt16LE(1)
  description.writeBigUInt64LE(koffi.address(program), 8)
  const setsockopt = koffi
    .load(null)
    .func('setsockopt', 'int', ['int', 'int', 'int', 'void *', 'uint'])
  if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, description, description.length) === 0) return
  throw new Error('The system takes no filter for the socket.')
}
