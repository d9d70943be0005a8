import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { type RawClient, type RawResponse, rawSocket } from './raw-client'

const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * An HTTP/1.1 client that can misbehave. It pipelines its requests and understands responses with a `content-length`
 * or without a body.
 */
export async function rawHttp1Client(url: string): Promise<RawClient> {
  const socket = rawSocket(url, ['http/1.1'])
  onTestFinished(() => void socket.destroy())
  const closed = new Promise<'ended' | 'reset'>((resolve) => {
    socket.once('close', (hadError) => resolve(hadError ? 'reset' : 'ended'))
  })
  const responses: RawResponse[] = []
  let received = 0
  let head = Buffer.alloc(0)
  /** The response whose body is being received, and how much of it is missing. */
  let current: { readonly response: RawResponse; left: number } | undefined

  const receive = (octets: Buffer): void => {
    let rest = octets
    while (rest.length > 0) {
      if (current === undefined) {
        head = Buffer.concat([head, rest])
        const end = head.indexOf(HEAD_END)
        if (end < 0) return
        rest = head.subarray(end + HEAD_END.length)
        const response = readHead(head.toString('latin1', 0, end))
        head = Buffer.alloc(0)
        current = { response, left: response.length }
      } else {
        const taken = Math.min(current.left, rest.length)
        current.left -= taken
        rest = rest.subarray(taken)
      }
      if (current.left > 0) continue
      responses.push(current.response)
      current = undefined
    }
  }
  socket.on('data', (octets: Buffer) => {
    received += octets.length
    receive(octets)
  })
  await once(socket, url.startsWith('https:') ? 'secureConnect' : 'connect')
  socket.on('error', () => {})
  const { host } = new URL(url)
  return {
    socket,
    closed,
    responses,
    get received() {
      return received
    },
    goaway: undefined,
    lastStreamIds: [],
    request(count = 1, path = '/') {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(count))
    },
    send: (octets) => void socket.write(octets),
  }
}

function readHead(text: string): RawResponse {
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)
  if (status === null) throw new Error(`This is not an HTTP/1.1 response: ${text}`)
  const length = /^content-length: *(\d+)\r?$/im.exec(text)
  return { status: Number(status[1]), length: Number(length?.[1] ?? 0) }
}
