import http, { type IncomingHttpHeaders } from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import type { Server } from 'node:net'
import type { Readable } from 'node:stream'
import type { SecureContextOptions } from 'node:tls'
import type { HttpVersion } from '../../src'
import { listening } from './listening'

/** A request as a server got it. */
export interface RecordedRequest {
  readonly httpVersion: string
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface RecordingServer {
  /** As `https://127.0.0.1:8443`. */
  readonly origin: string
  readonly requests: readonly RecordedRequest[]
  /** How many connections there have been. */
  readonly connections: number
}

type Answer = (end: () => void) => void

interface Reply {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown
  end(body: string): unknown
}

type Listener = (request: RecordedRequest & Readable, reply: Reply) => void

const MAKERS: Readonly<
  Record<HttpVersion, (listener: Listener, tls: SecureContextOptions | undefined) => Server>
> = {
  h2: (listener, tls) =>
    tls === undefined
      ? http2.createServer((request, reply) => listener(request as never, reply))
      : http2.createSecureServer(tls, (request, reply) => listener(request as never, reply)),
  'http/1.1': (listener, tls) =>
    tls === undefined
      ? http.createServer((request, reply) => listener(request as never, reply))
      : https.createServer(tls, (request, reply) => listener(request as never, reply)),
}

/**
 * A server that keeps what it is asked; gone when the test has finished.
 *
 * @param options what it speaks, its status, what it waits for before it answers, where it listens
 */
export async function recordingServer({
  httpVersion = 'h2' as HttpVersion,
  tls = undefined as SecureContextOptions | undefined,
  status = 200,
  answer = ((end) => end()) as Answer,
  host = '127.0.0.1',
} = {}): Promise<RecordingServer> {
  const requests: RecordedRequest[] = []
  let connections = 0
  const server = MAKERS[httpVersion]((request, reply) => {
    const { httpVersion, method, headers } = request
    const { url: path } = request as unknown as { readonly url: string }
    let body = ''
    request.on('data', (octets: Buffer) => {
      body += octets.toString('latin1')
    })
    request.on('end', () => {
      requests.push({ httpVersion, method, path, headers, body })
      answer(() => {
        reply.writeHead(status, { 'content-length': '12' })
        reply.end('Hello World\n')
      })
    })
  }, tls)
  server.on(tls === undefined ? 'connection' : 'secureConnection', () => connections++)
  const { port } = await listening(server, host)
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    requests,
    get connections() {
      return connections
    },
  }
}
