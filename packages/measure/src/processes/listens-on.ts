import { openFilesOf, readText } from './proc-files'
import { processTreeOf } from './process-tree'

/** 127.0.0.1 in the format of proc(5), on the little-endian machines that Node.js supports. */
const LOOPBACK = '0100007F'

/** TCP_LISTEN of the kernel's include/net/tcp_states.h. */
const LISTENING = '0A'

/** Whether a process or one of its descendants listens on this port of 127.0.0.1. Undefined if there is no /proc. */
export function listensOn(pid: number, port: number): boolean | undefined {
  const table = readText('/proc/net/tcp')
  if (table === undefined) return undefined
  const address = `${LOOPBACK}:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/))
  const inode = rows.find(([, local, , state]) => local === address && state === LISTENING)?.[9]
  if (inode === undefined) return false
  return processTreeOf(pid)?.some((one) =>
    openFilesOf(one)?.some(({ target }) => target === `socket:[${inode}]`),
  )
}
