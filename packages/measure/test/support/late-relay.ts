import net, { type AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/**
 * Passes connections on to a server, the second one late; gone when the test has finished.
 *
 * @returns the port to connect to
 */
export async function lateRelay(serverPort: number, milliseconds: number): Promise<number> {
  const sockets = new Set<net.Socket>()
  const keep = (socket: net.Socket) => {
    sockets.add(socket)
    return socket.on('error', () => {})
  }
  let connections = 0
  const relay = net.createServer((client) => {
    keep(client)
    const passOn = () => client.pipe(keep(net.connect(serverPort, '127.0.0.1'))).pipe(client)
    setTimeout(passOn, ++connections === 2 ? milliseconds : 0)
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    relay.close()
  })
  return (relay.address() as AddressInfo).port
}
