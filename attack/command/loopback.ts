import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { UsageError } from './usage-error'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/**
 * Checks that a URL names this machine: attacks go nowhere else.
 *
 * @returns the URL with an address for its name
 * @throws UsageError if it is no URL of HTTP, or any address of its host is not loopback
 */
export async function loopbackUrl(text: string): Promise<URL> {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(
      `--target can't be ${JSON.stringify(text)}: it must be a URL as https://127.0.0.1:8443/.`,
    )
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(host) === 0 ? await addressesOf(host) : [host]
  const foreign = addresses.find((address) => !isLoopback(address))
  if (foreign !== undefined) {
    const address = foreign === host ? '' : ` (${foreign})`
    throw new UsageError(
      `--target can't be ${host}${address}: only servers on loopback addresses are attacked, as 127.0.0.1 or ::1.`,
    )
  }
  // The name could mean something else the next time.
  url.hostname = isIP(addresses[0]!) === 6 ? `[${addresses[0]}]` : addresses[0]!
  return url
}

function isLoopback(address: string): boolean {
  return LOOPBACK.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch {
    throw new UsageError(`--target can't be ${host}: it has no address.`)
  }
}
