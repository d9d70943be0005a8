// A network link that loses, delays and reorders packets, as netem of tc(8), which not every kernel has. It needs a network
// namespace, in which it is root: `unshare --net --map-root-user`. It says `up` when it is there, and lasts until it is killed.
import { execFileSync } from 'node:child_process'
import { open } from 'node:fs/promises'
import { createRequire } from 'node:module'

const LOSS = 0.02
/** In milliseconds, in each direction. */
const DELAY = 20
/** The part of the packets that overtake the others: they are not delayed. */
const OVERTAKING = 0.25

const NAME = 'lossy0'
/** The only address. What is sent to another of its network goes through the link and comes back. */
const ADDRESS = '10.0.0.1/24'
/** Of Ethernet's jumbo frames, in octets: a transfer needs a fraction of the time that it needs with 1500. */
const MTU = 9000

/** The koffi of the packages that call C. */
const koffi = createRequire(new URL('../../packages/tls-context/package.json', import.meta.url))(
  'koffi',
)

/** linux/if_tun.h */
const TUNSETIFF = 0x400454ca
const IFF_TUN = 0x0001
const IFF_NO_PI = 0x1000
/** The length of struct ifreq, and where the flags are in it: netdevice(7). */
const REQUEST_LENGTH = 40
const FLAGS_AT = 16

/** Where an IPv4 header has its addresses, RFC 791 section 3.1. */
const SOURCE = 12
const DESTINATION = 16
const ADDRESS_LENGTH = 4

const device = await open('/dev/net/tun', 'r+')
const request = Buffer.from(new ArrayBuffer(REQUEST_LENGTH))
request.write(NAME)
request.writeUInt16LE(IFF_TUN | IFF_NO_PI, FLAGS_AT)
const ioctl = koffi.load(null).func('ioctl', 'int', ['int', 'ulong', 'void *'])
if (ioctl(device.fd, TUNSETIFF, request) !== 0) throw new Error('The system makes no TUN device.')
for (const args of [
  ['link', 'set', 'lo', 'up'],
  ['address', 'add', ADDRESS, 'dev', NAME],
  ['link', 'set', NAME, 'mtu', String(MTU), 'up'],
]) {
  execFileSync('ip', args)
}
console.log('up')

for (;;) {
  const packet = Buffer.alloc(MTU)
  const { bytesRead } = await device.read(packet, 0, MTU)
  const isIpv4 = packet[0] >>> 4 === 4
  if (!isIpv4 || Math.random() < LOSS) continue
  const delivered = mirrored(packet.subarray(0, bytesRead))
  if (Math.random() < OVERTAKING) deliver(delivered)
  else setTimeout(deliver, DELAY, delivered)
}

/** With the addresses exchanged, so that it comes from the other side. No checksum changes: they are sums of both. */
function mirrored(packet) {
  const source = Buffer.from(packet.subarray(SOURCE, SOURCE + ADDRESS_LENGTH))
  packet.copyWithin(SOURCE, DESTINATION, DESTINATION + ADDRESS_LENGTH)
  source.copy(packet, DESTINATION)
  return packet
}

function deliver(packet) {
  // A packet that does not fit into the queue is one more that is lost.
  device.write(packet).catch(() => {})
}
