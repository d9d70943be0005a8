import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/**
 * The number of TCP sockets among the descriptors of this process, proc(5): listening sockets and connections,
 * including those that were reset.
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
    // It belonged to the directory itself, or was just closed.
    return undefined
  }
}
