import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { ServerSetupError } from './errors'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/**
 * Checks that other machines can't reach a server with credentials that are only for this one.
 *
 * @throws ServerSetupError `LOOPBACK_ONLY`
 */
export async function checkLoopback(host: string): Promise<void> {
  // Listening on a name that can't be resolved fails with an error that says so.
  const addresses = await lookup(host, { all: true }).catch(() => [])
  if (addresses.every(({ address }) => isLoopback(address))) return
  throw new ServerSetupError(
    'LOOPBACK_ONLY',
    `Other machines can reach ${host}, but the certificate in the option tls is for development on this machine. Use your own certificate, a loopback host such as 127.0.0.1, or devTls({ anywhere: true }).`,
  )
}

function isLoopback(address: string): boolean {
  // The zone of a link-local address, such as %eth0, is not part of it.
  const plain = address.replace(/%.*/, '')
  return LOOPBACK.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
}
