import http from 'node:http'
import http2, { type ServerHttp2Stream } from 'node:http2'
import https from 'node:https'
import type { Server, Socket } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import type { HttpVersion } from '../../src'
import { listening } from './listening'

/** A server of node:http or node:http2, to misbehave as a test wants; gone when the test has finished. */
export interface NodeServer {
  readonly url: string
  readonly sockets: ReadonlySet<Socket>
}

/** A request that waits, in either version of HTTP. */
export interface Exchange {
  /** What the request has in a header field. */
  header(name: string): string | undefined
  /** Answers; whether that still arrives or not. */
  answer(status?: number): void
  /** Gives it up: with its stream, or in HTTP/1.1 with its connection. */
  reset(): void
  /** Refuses it before any of it was processed: a word that HTTP/1.1 does not have, so its connection ends. */
  refuse(): void
}

export interface NodeServerOptions {
  readonly httpVersion?: HttpVersion
  /** Undefined: plain TCP. */
  readonly tls?: SecureContextOptions | undefined
  /** How many streams it allows at once. */
  readonly maxConcurrentStreams?: number
  /** After so many requests it ends each connection, with GOAWAY or `connection: close`. */
  readonly requestsPerConnection?: number
}

/** @param onRequest gets each request, with its number from 1 */
export async function nodeServer(
  onRequest: (exchange: Exchange, request: number) => void,
  { httpVersion = 'h2', tls, ...limits }: NodeServerOptions = {},
): Promise<NodeServer> {
  const server = MAKERS[httpVersion](onRequest, tls, limits)
  const { port, sockets } = await listening(server)
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/`, sockets }
}

/** Answers as it should be. */
export function ok(exchange: Exchange): void {
  exchange.answer()
}

type OnRequest = Parameters<typeof nodeServer>[0]
type Limits = Omit<NodeServerOptions, 'httpVersion' | 'tls'>

const BODY = 'Hello World\n'

const MAKERS: Readonly<
  Record<
    HttpVersion,
    (onRequest: OnRequest, tls: SecureContextOptions | undefined, limits: Limits) => Server
  >
> = {
  h2(onRequest, tls, { maxConcurrentStreams, requestsPerConnection }) {
    const settings = maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams }
    const server =
      tls === undefined
        ? http2.createServer({ settings })
        : http2.createSecureServer({ ...tls, settings })
    let request = 0
    server.on('session', (session) => {
      session.on('error', () => {})
      let streams = 0
      session.on('stream', ({ id }) => {
        if (++streams !== requestsPerConnection) return
        // Those behind it are not served.
        session.goaway(http2.constants.NGHTTP2_NO_ERROR, id)
        session.close()
      })
    })
    server.on('stream', (stream: ServerHttp2Stream, fields) => {
      stream.on('error', () => {})
      const exchange: Exchange = {
        header: (name) => fields[name]?.toString(),
        answer(status = 200) {
          if (stream.destroyed) return
          stream.respond({ ':status': status })
          stream.end(BODY)
        },
        reset: () => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR),
        refuse: () => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM),
      }
      onRequest(exchange, ++request)
    })
    return server
  },
  'http/1.1'(onRequest, tls, { requestsPerConnection = 0 }) {
    const server = tls === undefined ? http.createServer() : https.createServer(tls)
    // The response to the last one says `connection: close`.
    server.maxRequestsPerSocket = requestsPerConnection
    let request = 0
    server.on('request', ({ headers }, response) => {
      const exchange: Exchange = {
        header: (name) => headers[name]?.toString(),
        answer(status = 200) {
          response.statusCode = status
          response.end(BODY)
        },
        reset: () => response.socket?.destroy(),
        refuse: () => response.socket?.destroy(),
      }
      onRequest(exchange, ++request)
    })
    return server
  },
}
