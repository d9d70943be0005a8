import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'

/** Gives a program a network of its own, in which it is root: unshare(1). */
export const UNSHARE = ['unshare', '--net', '--map-root-user'] as const

/** Why no program can have a network with TUN devices of its own here; undefined: it can. */
export function noNamespace(): string | undefined {
  const [program, ...args] = UNSHARE
  const { error, status, stderr } = spawnSync(program, [...args, 'ip', 'link', 'set', 'lo', 'up'])
  if (error !== undefined) return error.message
  if (status !== 0) return String(stderr).trim()
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
