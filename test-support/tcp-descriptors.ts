import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/**
 * How many descriptors of TCP sockets this process has, proc(5): those that listen, and connections, also of which
 * the system knows no more than that they were reset.
 */
export function tcpDescriptors(): number {
  const ofUnix = new Set(
    readFileSync('/proc/net/unix', 'latin1')
      .split('\n')
      .map((line) => line.trim().split(/\s+/)[6]),
  )
  return readdirSync('/proc/self/fd')
    .map(socketInode)
    .filter((inode) => inode !== undefined && !ofUnix.has(inode)).length
}

function socketInode(descriptor: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${descriptor}`))?.[1]
  } catch {
    // It was that of the folder, or has just been closed.
    return undefined
  }
}
