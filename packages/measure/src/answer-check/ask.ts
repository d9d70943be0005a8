import http from 'node:http'
import http2 from 'node:http2'
import type { Socket } from 'node:net'
import type { HttpVersion } from '../load/http-version'

/*
 * One real request by Node's own clients, which share no code with the servers and generators of this project.
 */

/** What a server answered. */
export interface Answer {
  readonly status: number
  /** The body. Only the beginning of a long one. */
  readonly octets: Buffer
}

/** An answered connection that is still open. */
export interface Asked {
  readonly answer: Answer
  /** Starts to close the connection according to its protocol. */
  end(): void
}

/**
 * Requests a URL over a connection. The body is read until it has more than `enough` octets.
 *
 * @throws Error that says why there is no complete answer in this protocol
 */
export type Ask = (socket: Socket, url: URL, enough: number) => Promise<Asked>

export const ASK: Readonly<Record<HttpVersion, Ask>> = {
  h2: askHttp2,
  'http/1.1': askHttp1,
}

function askHttp2(socket: Socket, url: URL, enough: number): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(url, { createConnection: () => socket })
    const stream = session.request({ ':path': url.pathname + url.search })
    const body = new Body(enough)
    let status: number | undefined
    const answered = () => {
      if (status === undefined) reject(new Error('no answer came on its stream'))
      else resolve({ answer: { status, octets: body.octets }, end: () => session.close() })
    }
    session.on('error', reject)
    stream.on('error', reject)
    stream.once('response', (fields) => {
      status = fields[':status']
    })
    stream.on('data', (piece: Buffer) => {
      if (body.add(piece) === 'more') return
      answered()
      stream.close(http2.constants.NGHTTP2_CANCEL)
    })
    stream.once('close', () => {
      // Lost connections and cancelled streams are not reported otherwise.
      if (stream.rstCode !== http2.constants.NGHTTP2_NO_ERROR) {
        reject(new Error('its stream was given up before its end'))
      }
      answered()
    })
  })
}

function askHttp1(socket: Socket, url: URL, enough: number): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const request = http.get({
      createConnection: () => socket,
      host: url.hostname,
      path: url.pathname + url.search,
      headers: { host: url.host, connection: 'keep-alive' },
    })
    request.on('error', reject)
    request.once('response', (response) => {
      const body = new Body(enough)
      const answered = () => {
        const answer = { status: response.statusCode ?? 0, octets: body.octets }
        resolve({ answer, end: () => socket.end() })
      }
      if (response.httpVersion !== '1.1') {
        reject(new Error(`it is one of HTTP/${response.httpVersion}`))
        return
      }
      response.on('error', reject)
      response.on('data', (piece: Buffer) => {
        if (body.add(piece) === 'enough') answered()
      })
      response.once('end', answered)
    })
  })
}

/** Collects the wanted part of a body. */
class Body {
  readonly #pieces: Buffer[] = []
  readonly #enough: number
  #length = 0

  constructor(enough: number) {
    this.#enough = enough
  }

  get octets(): Buffer {
    return Buffer.concat(this.#pieces)
  }

  add(piece: Buffer): 'more' | 'enough' {
    if (this.#length > this.#enough) return 'enough'
    this.#pieces.push(piece)
    this.#length += piece.length
    return this.#length > this.#enough ? 'enough' : 'more'
  }
}
