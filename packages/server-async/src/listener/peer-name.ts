import type { Socket } from 'node:net'

/** Formats a client's address and port, such as `127.0.0.1:49152` or `[::1]:49152`. */
export function peerName({
  remoteAddress,
  remotePort,
}: Partial<Pick<Socket, 'remoteAddress' | 'remotePort'>>): string {
  if (remoteAddress === undefined) return 'unknown'
  const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress
  return `${host}:${remotePort ?? 0}`
}
