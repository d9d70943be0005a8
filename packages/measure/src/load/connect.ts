import net from 'node:net'
import { addAbortSignal } from 'node:stream'
import tls from 'node:tls'
import { MeasureError } from '../errors'
import type { HttpVersion } from './http-version'

/** The time limit for connecting, in milliseconds. */
const CONNECT_TIME = 10_000

export interface ConnectOptions {
  /** Destroys the socket whenever it is aborted. */
  readonly signal?: AbortSignal | undefined
  /** The time limit, in milliseconds. Default: ten seconds. */
  readonly time?: number | undefined
  /** Receives the data of the socket instead of its `data` event. */
  readonly onread?: net.OnReadOpts | undefined
}

/**
 * Connects to a server.
 *
 * @returns a socket for the protocol, negotiated by ALPN with TLS, by prior knowledge over plain TCP (RFC 9113
 *   section 3.3)
 * @throws MeasureError `TIMED_OUT` if the server does not answer in time
 * @throws Error that says why connecting failed
 */
export function connect(
  url: URL,
  httpVersion: HttpVersion,
  { signal, time = CONNECT_TIME, onread }: ConnectOptions = {},
): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const withTls = url.protocol === 'https:'
    const socket = open(url, httpVersion, onread === undefined ? {} : { onread })
    if (signal !== undefined) addAbortSignal(signal, socket)
    const fail = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    const onError = (error: NodeJS.ErrnoException) => {
      fail(isAlpnRefusal(error) ? doesNotSpeak(url, httpVersion, error) : error)
    }
    socket.setTimeout(time, () => {
      const message = `${url.host} did not accept a connection within ${time} ms.`
      fail(new MeasureError('TIMED_OUT', message))
    })
    socket.once('error', onError)
    socket.once(withTls ? 'secureConnect' : 'connect', () => {
      if (socket instanceof tls.TLSSocket && !speaks(socket, httpVersion)) {
        fail(doesNotSpeak(url, httpVersion))
        return
      }
      socket.setTimeout(0)
      socket.off('error', onError)
      // The connection may be lost before its owner adds a listener.
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

function open(
  url: URL,
  httpVersion: HttpVersion,
  reading: { readonly onread?: net.OnReadOpts },
): net.Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (url.protocol !== 'https:')
    return net.connect({ host, port: Number(url.port) || 80, ...reading })
  return tls.connect({
    host,
    port: Number(url.port) || 443,
    ...reading,
    ALPNProtocols: [httpVersion],
    // The servers under load have self-signed certificates.
    rejectUnauthorized: false,
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
  })
}

/** A server without ALPN speaks HTTP/1.1. It has to select HTTP/2: RFC 9113 section 3.3. */
function speaks({ alpnProtocol }: tls.TLSSocket, httpVersion: HttpVersion): boolean {
  return alpnProtocol === httpVersion || (httpVersion === 'http/1.1' && alpnProtocol === false)
}

/** How a server refuses a client without a common protocol: RFC 7301 section 3.2. */
function isAlpnRefusal({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'
}

function doesNotSpeak(url: URL, httpVersion: HttpVersion, cause?: unknown): Error {
  return new Error(`${url.host} does not speak ${httpVersion}, as ALPN says`, { cause })
}
