import { once } from 'node:events'
import net from 'node:net'
import { Duplex } from 'node:stream'
import tls from 'node:tls'
import { ClientConnection } from '@h2lab/mini-http2/client'
import {
  CLIENT_PREFACE,
  FrameFlag,
  FrameType,
  makeFrame,
  makeSettingsFrame,
  writeStreamId,
} from '@h2lab/mini-http2/frames'
import { onTestFinished } from 'vitest'
import type { HttpVersion } from './by-http-version'

/** A client whose TCP socket and TLS connection can end separately. */
export interface VanishingClient {
  readonly tcp: net.Socket
  /** Undefined without TLS. */
  readonly secure: tls.TLSSocket | undefined
  /** The one of the two that carries HTTP. */
  readonly stream: Duplex
}

/** Connects over TCP and completes the TLS handshake if the URL says so. */
export async function vanishingClient(
  url: string,
  httpVersion: HttpVersion,
): Promise<VanishingClient> {
  const tcp = await connectTcp(url)
  if (url.startsWith('http:')) return { tcp, secure: undefined, stream: tcp }
  const secure = tls.connect({
    socket: transport(tcp),
    rejectUnauthorized: false,
    ALPNProtocols: [httpVersion === '2' ? 'h2' : 'http/1.1'],
  })
  secure.on('error', () => {})
  onTestFinished(() => void secure.destroy())
  await once(secure, 'secureConnect')
  return { tcp, secure, stream: secure }
}

/** Connects over TCP. The end of one direction does not end the other. */
export async function connectTcp(url: string): Promise<net.Socket> {
  const { hostname, port } = new URL(url)
  const tcp = net.connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  tcp.on('error', () => {})
  onTestFinished(() => void tcp.destroy())
  await once(tcp, 'connect')
  return tcp
}

/** Carries TLS over a socket that stays open when TLS has ended. */
function transport(tcp: net.Socket): Duplex {
  const duplex = new Duplex({
    read: () => void tcp.resume(),
    write: (octets, _, callback) => void tcp.write(octets, () => callback()),
    final: (callback) => callback(),
  })
  tcp.on('data', (octets) => {
    if (!duplex.push(octets)) tcp.pause()
  })
  tcp.on('end', () => duplex.push(null))
  tcp.on('close', () => duplex.destroy())
  return duplex
}

/** What a client asks for. */
export interface VanishingRequest {
  readonly path: string
  /** With `open`, the rest of the content is never sent. */
  readonly content: 'none' | 'open'
  /** How much of the response fits the windows, in HTTP/2. */
  readonly windows: 'initial' | 'largest'
}

/** What was received of an HTTP/2 response. */
export interface ReceivedResponse {
  /** Octets of its content. */
  readonly length: number
  readonly complete: boolean
}

/** Sends the first request of a connection, then answers SETTINGS and PING. */
export function sendRequest(
  { stream }: VanishingClient,
  httpVersion: HttpVersion,
  url: string,
  request: VanishingRequest,
): ReceivedResponse {
  const { host } = new URL(url)
  const response = { length: 0, complete: false }
  if (httpVersion === '1.1') {
    const content = request.content === 'open' ? 'Content-Length: 1000000\r\n\r\nbegun' : '\r\n'
    const method = request.content === 'open' ? 'POST' : 'GET'
    stream.write(`${method} ${request.path} HTTP/1.1\r\nHost: ${host}\r\n${content}`)
    return response
  }
  const events = {
    onData(_: number, octets: Uint8Array) {
      response.length += octets.length
    },
    onEnd() {
      response.complete = true
    },
  }
  const connection = new ClientConnection(events, { responsesTo: 'anything' })
  const largest = connection.takeOutput()!
  const initial = Buffer.concat([CLIENT_PREFACE, makeSettingsFrame({})])
  stream.on('data', (octets: Buffer) => {
    connection.receive(octets)
    const answer = connection.takeOutput()
    if (answer !== undefined && stream.writable) stream.write(answer)
  })
  const opening = request.windows === 'largest' ? largest : initial
  stream.write(Buffer.concat([opening, ...frames(host, request)]))
  return response
}

function frames(host: string, { path, content }: VanishingRequest): Uint8Array[] {
  const method = content === 'open' ? POST : GET
  const block = Buffer.concat([
    Buffer.of(method, HTTPS),
    literal(PATH, path),
    literal(AUTHORITY, host),
  ])
  const end = content === 'open' ? 0 : FrameFlag.END_STREAM
  const all = [makeFrame(FrameType.HEADERS, FrameFlag.END_HEADERS | end, 0, block)]
  if (content === 'open') all.push(makeFrame(FrameType.DATA, 0, 0, Buffer.from('begun')))
  for (const frame of all) writeStreamId(frame, 0, 1)
  return all
}

/** Indices in the static table, RFC 7541 appendix A. The highest bit marks an indexed name and value. */
const AUTHORITY = 1
const PATH = 4
const GET = 0x82
const POST = 0x83
const HTTPS = 0x87

/** A field that isn't indexed, RFC 7541 section 6.2.2. */
function literal(nameIndex: number, value: string): Buffer {
  return Buffer.concat([Buffer.of(nameIndex, value.length), Buffer.from(value, 'latin1')])
}
