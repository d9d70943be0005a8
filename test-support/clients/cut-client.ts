import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import tls from 'node:tls'
import { dataFrame, headersFrames, opening, requestFields } from './frames'
import { connectTcp } from './vanishing-client'

/** How a client leaves where its connection is cut. */
export type Cut = 'FIN' | 'reset'

const TLS_OPTIONS = {
  ALPNProtocols: ['h2'],
  rejectUnauthorized: false,
  // To make one takes longer than a handshake.
  secureContext: tls.createSecureContext(),
}

/**
 * Makes an exchange of a GET and a POST with a body. The server gets only the first octets, of TLS if it is used, and then
 * the cut. After a FIN the client reads until the server has closed the connection, too.
 *
 * @param octets how many the server gets
 * @returns whether there would have been more
 */
export async function cutExchange(url: string, octets: number, cut: Cut): Promise<boolean> {
  const tcp = await connectTcp(url)
  const closed = once(tcp, 'close')
  const isCut = await sendFirst(octets, tcp, url)
  if (cut === 'reset') tcp.resetAndDestroy()
  else tcp.resume().end()
  await closed
  return isCut
}

/** @returns whether there would have been more; when all that may be sent is sent */
function sendFirst(octets: number, tcp: Socket, url: string): Promise<boolean> {
  const output = exchange(url)
  return new Promise((resolve) => {
    const gate = new Duplex({
      read() {},
      write(run: Buffer, _, callback) {
        const rest = octets - tcp.bytesWritten
        tcp.write(run.subarray(0, rest))
        if (run.length > rest) resolve(true)
        else callback()
      },
    })
    if (url.startsWith('http:')) {
      gate.write(output, () => resolve(false))
      return
    }
    tcp.on('data', (received) => gate.push(received))
    const secure = tls.connect({ socket: gate, ...TLS_OPTIONS })
    secure.on('error', () => {})
    secure.write(output, () => resolve(false))
  })
}

/** The octets of the exchange, with the client preface. */
function exchange(url: string): Buffer {
  return Buffer.concat([
    opening(),
    headersFrames(1, requestFields(url, 'GET')),
    headersFrames(3, requestFields(url, 'POST'), 'open'),
    dataFrame(3, Buffer.from('body'), true),
  ])
}
