import { readFileSync } from 'node:fs'

const LISTEN = '0A'
/** The columns of /proc/net/tcp, proc(5). */
const LOCAL_ADDRESS = 1
const STATE = 3
const INODE = 9

/**
 * How many clients of a port have a descriptor in some process, as Linux counts them: a socket that is closed
 * has no inode, though its last octets may still be on their way.
 */
export function heldSockets(port: number): number {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const lines = readFileSync('/proc/net/tcp', 'latin1').trim().split('\n').slice(1)
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(
      (columns) =>
        columns[LOCAL_ADDRESS]!.endsWith(suffix) &&
        columns[STATE] !== LISTEN &&
        columns[INODE] !== '0',
    ).length
}
