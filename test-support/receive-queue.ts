import { readFileSync } from 'node:fs'

/**
 * How many octets of a TCP connection over IPv4 have arrived and not been read yet, of /proc/net/tcp: proc(5).
 *
 * @param port of the side that reads
 * @param peerPort of the other side
 * @throws Error if there is no such connection
 */
export function receiveQueue(port: number, peerPort: number): number {
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const [, local, remote, , queues] = line.trim().split(/\s+/)
    if (portOf(local) !== port || portOf(remote) !== peerPort) continue
    return Number.parseInt(queues!.split(':')[1]!, 16)
  }
  throw new Error(`There is no connection from port ${peerPort} to port ${port}.`)
}

function portOf(address = ''): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16)
}
