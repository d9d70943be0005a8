import { readFileSync } from 'node:fs'

/**
 * The number of octets of a TCP connection over IPv4 that have arrived but are not read yet, from /proc/net/tcp,
 * proc(5).
 *
 * @param port of the side that reads
 * @param peerPort of the other side
 * @throws Error if there is no such connection
 */
export function receiveQueue(port: number, peerPort: number): number {
  return queues(port, peerPort)[1]
}

/**
 * The number of octets that one side of a TCP connection over IPv4 has written and the other has not acknowledged
 * yet.
 *
 * @param port of the side that writes
 * @param peerPort of the other side
 * @throws Error if there is no such connection
 */
export function sendQueue(port: number, peerPort: number): number {
  return queues(port, peerPort)[0]
}

function queues(port: number, peerPort: number): [send: number, receive: number] {
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const [, local, remote, , both] = line.trim().split(/\s+/)
    if (portOf(local) !== port || portOf(remote) !== peerPort) continue
    const [send, receive] = both!.split(':')
    return [Number.parseInt(send!, 16), Number.parseInt(receive!, 16)]
  }
  throw new Error(`There is no connection from port ${peerPort} to port ${port}.`)
}

function portOf(address = ''): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16)
}
