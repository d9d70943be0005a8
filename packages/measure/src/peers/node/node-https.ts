import http from 'node:http'
import https from 'node:https'
import { setDefaultHighWaterMark } from 'node:stream'
import { answer } from './answer'
import type { NodePeer } from './node-peer'

/** https://nodejs.org/api/http.html#class-httpserver. */
const LIMITS = {
  // A client that asks for nothing for longer than the default of 5 s would lose its connection.
  keepAliveTimeout: 0,
  // Requests behind many others may arrive slowly: by default they have 60 s for their heads, 300 s in all.
  headersTimeout: 0,
  requestTimeout: 0,
} as const

/**
 * How many octets of responses may wait in a socket, more than those of any load. By default it is
 * 16 KiB, which is about 100 responses: with more requests in flight node:http reads no further
 * until they are sent, and through TLS it never goes on (Node 20.20).
 */
const HIGH_WATER_MARK = 4 * 2 ** 20

/** The server of Node.js that most people run. */
export const nodeHttps: NodePeer = {
  name: 'node-https',
  title: 'node:https, without TLS node:http: what most servers on Node.js are built on',
  httpVersion: 'http/1.1',
  packages: [],
  async create(tls) {
    // The process is the server's own; the sockets of TLS can't be told otherwise.
    setDefaultHighWaterMark(false, HIGH_WATER_MARK)
    const server =
      tls === undefined
        ? http.createServer(LIMITS, answer)
        : https.createServer({ ...tls, ...LIMITS }, answer)
    // No limit, as by default; said here since it would end a connection in the middle of a load.
    server.maxRequestsPerSocket = 0
    return server
  },
}
