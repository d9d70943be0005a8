import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { DEFAULT_LIMITS } from '@h2lab/mini-http2'
import type { ServerSetup } from '@h2lab/mini-http2/server'
import { NativeUnavailableError, SystemCallError, setKeepAlive } from '@h2lab/tls-context/native'

/**
 * Enables TCP keep-alive, to detect clients that lose their network while they wait for a response. The library has
 * no timeout then, and HTTP/1.1 has no PING. Clients inherit the option from the listening socket. The library does
 * not expose it, so it is looked up by its port. Called before there are clients.
 *
 * TCP_USER_TIMEOUT is not set. It would end clients that pause a download, which in HTTP/1.1 only TCP can signal.
 *
 * Does nothing where sockets can't be called directly: outside Linux, and where tls-context says so.
 */
export function keepClientsAlive(port: number, { limits }: Pick<ServerSetup, 'limits'>): void {
  if (process.platform !== 'linux') return
  const { keepAlive, keepAliveTimeout } = { ...DEFAULT_LIMITS, ...limits }
  try {
    const listening = listeningSockets(port)
    for (const { descriptor, inode } of socketDescriptors()) {
      if (listening.has(inode)) setIfOpen(descriptor, keepAlive, keepAliveTimeout)
    }
  } catch (error) {
    if (!(error instanceof NativeUnavailableError)) throw error
  }
}

/** Other code of this process runs in the meantime, so any descriptor may have been closed. */
function setIfOpen(descriptor: number, keepAlive: number, keepAliveTimeout: number): void {
  try {
    setKeepAlive(descriptor, keepAlive, keepAliveTimeout)
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error
  }
}

/** The state of a listening TCP socket in /proc/net/tcp. */
const LISTENING = '0A'

/** The inodes of the sockets that listen on a port, proc(5). */
function listeningSockets(port: number): ReadonlySet<string> {
  const inodes = new Set<string>()
  for (const table of ['/proc/self/net/tcp', '/proc/self/net/tcp6']) {
    for (const line of readTable(table).split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
      const ownPort = Number.parseInt(local.slice(local.indexOf(':') + 1), 16)
      if (state === LISTENING && ownPort === port && inode !== undefined) inodes.add(inode)
    }
  }
  return inodes
}

/** Returns an empty text if there is no such table, for example without IPv6. */
function readTable(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

/** This process's sockets, proc(5). */
function socketDescriptors(): { descriptor: number; inode: string }[] {
  const folder = '/proc/self/fd'
  return readdirSync(folder).flatMap((name) => {
    try {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`)) ?? []
      return inode === undefined ? [] : [{ descriptor: Number(name), inode }]
    } catch {
      // It belonged to the directory itself, or was closed in the meantime.
      return []
    }
  })
}
