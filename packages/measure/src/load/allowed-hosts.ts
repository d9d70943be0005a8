import { lookup } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { BlockList, isIP } from 'node:net'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { MeasureError } from '../errors'

/*
 * Protects strangers from accidental load. Loopback may always be loaded, other hosts only if users declare that they
 * own them.
 */

/** Which hosts may be loaded: those with only loopback addresses, or any, because the user said so. */
export type Permission = 'loopback' | 'any'

/** The file that lists the user's own hosts, one per line. `#` starts a comment. */
export function hostsFile(): string {
  const folder = process.env['XDG_CONFIG_HOME'] ?? ''
  // The XDG base directory specification says to ignore relative paths.
  return join(isAbsolute(folder) ? folder : join(homedir(), '.config'), 'h2lab', 'hosts')
}

/**
 * Finds out whether the user owns a host.
 *
 * @param origin such as `https://box:8443`
 * @throws MeasureError `USAGE` if the file of hosts is not valid
 */
export async function permissionFor(origin: string, isOwn: boolean): Promise<Permission> {
  if (isOwn) return 'any'
  return (await listedHosts(hostsFile())).includes(hostOf(origin)) ? 'any' : 'loopback'
}

/**
 * Checks that a host may be loaded from here.
 *
 * @throws MeasureError `USAGE` with both ways to permit it; `TARGET_UNAVAILABLE` if the name can't be resolved
 */
export async function checkPermitted(origin: string, permission: Permission): Promise<void> {
  if (permission === 'any') return
  const host = hostOf(origin)
  const addresses = await addressesOf(host)
  const foreign = addresses.filter((address) => !isLoopback(address))
  if (foreign.length === 0) return
  const known = isIP(host) === 0 ? ` (${foreign.join(', ')})` : ''
  throw new MeasureError(
    'USAGE',
    `${host}${known} is not a loopback address, and unexpected load can harm a server. ` +
      `If the server is yours, give --i-own-this-target, or add a line with ${host} to ${hostsFile()}.`,
  )
}

/** Whether an address is a loopback address: ::1, or 127.0.0.0/8, also in IPv6 notation. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/%.*/, '')
  return LOOPBACK.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

async function listedHosts(file: string): Promise<string[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new MeasureError('USAGE', `${file} can't be read: ${(error as Error).message}.`, {
      cause: error,
    })
  }
  return text.split('\n').flatMap((line, index) => {
    const host = line
      .replace(/#.*/, '')
      .trim()
      .toLowerCase()
      .replace(/^\[|\]$/g, '')
    if (host === '') return []
    if (isIP(host) !== 0 || /^[a-z0-9._-]+$/.test(host)) return [host]
    throw new MeasureError(
      'USAGE',
      `${file}, line ${index + 1} can't be ${JSON.stringify(line)}: it must be a name or an address, as in a URL.`,
    )
  })
}

/** Removes the brackets around an IPv6 address in a URL. */
function hostOf(origin: string): string {
  return new URL(origin).hostname.replace(/^\[|\]$/g, '')
}

async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host]
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new MeasureError('TARGET_UNAVAILABLE', `${host} has no address: ${code ?? message}.`, {
      cause: error,
    })
  }
}
