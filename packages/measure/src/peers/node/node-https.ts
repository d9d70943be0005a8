import http from 'node:http'
import https from 'node:https'
import { setDefaultHighWaterMark } from 'node:stream'
import { answer } from './answer'
import type { NodePeer } from './node-peer'

/** https://nodejs.org/api/http.html#class-httpserver. */
const LIMITS = {
  // The default of 5 s would close the connections of clients that pause.
  keepAliveTimeout: 0,
  // Requests queued behind many others may arrive slowly. The defaults are 60 s for the head and 300 s in total.
  headersTimeout: 0,
  requestTimeout: 0,
} as const

/**
 * How many octets of responses a socket may buffer, more than any load needs. The default is 16 KiB, which is about
 * 100 responses. With more requests in flight node:http stops reading until they are sent, and with TLS it never
 * continues (Node 20.20).
 */
const HIGH_WATER_MARK = 4 * 2 ** 20

/** The most common server of Node.js. */
export const nodeHttps: NodePeer = {
  name: 'node-https',
  title: 'node:https, without TLS node:http: what most servers on Node.js are built on',
  httpVersion: 'http/1.1',
  packages: [],
  async create(tls) {
    // The process runs only this server, and TLS sockets can't be configured in another way.
    setDefaultHighWaterMark(false, HIGH_WATER_MARK)
    const server =
      tls === undefined
        ? http.createServer(LIMITS, answer)
        : https.createServer({ ...tls, ...LIMITS }, answer)
    // The default is no limit. It is set explicitly because a limit would end connections during a load.
    server.maxRequestsPerSocket = 0
    return server
  },
}
