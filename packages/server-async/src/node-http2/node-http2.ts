import http2 from 'node:http2'
import {
  type DispatchMethod,
  isDeparture,
  loadPrebuiltResponse,
  type ServerSetup,
  type StartedServer,
  unsupportedOption,
} from '@h2lab/mini-http2/server'
import { peerName } from '../listener/peer-name'
import { SocketListener } from '../listener/socket-listener'
import { tlsOptions } from '../listener/tls-options'

/**
 * The dispatch method `node-http2`: `node:http2` with its own protocol, through its stream API, which is faster than
 * the compatibility API. The baseline of every comparison.
 */
export const nodeHttp2: DispatchMethod<never, 'none'> = {
  name: 'node-http2',
  protocols: 'own',
  handlers: 'none',
  limits: ['prefaceTimeout', 'keepAlive'],
  start,
}

async function start(setup: ServerSetup): Promise<StartedServer> {
  if (setup.extendedConnect) {
    throw unsupportedOption(setup, 'extendedConnect', 'extendedConnect: false')
  }
  const app = await loadPrebuiltResponse(setup)
  const headers: http2.OutgoingHttpHeaders = { ':status': app.status }
  for (const [name, value] of app.headers) appendHeader(headers, name, value)
  const server = await makeServer(setup)
  const sessions = new Set<http2.ServerHttp2Session>()
  let state: 'serving' | 'draining' = 'serving'

  server.on('stream', (stream, request) => {
    // A stream reset by the client is not an error of the server.
    stream.on('error', () => {})
    // Unread content would make node:http2 reset the stream after the response.
    if (!stream.endAfterHeaders) stream.resume()
    const endStream = app.body.length === 0 || request[':method'] === 'HEAD'
    // Node's types lack sendDate, although it is documented.
    const options = { endStream, sendDate: setup.date }
    stream.respond(headers, options)
    if (!endStream) stream.end(app.body)
  })
  server.on('session', (session) => {
    sessions.add(session)
    const peer = peerName(session.socket)
    let unanswered = 0
    session.on('stream', (stream) => {
      unanswered++
      stream.once('close', () => {
        // Streams that end with their session were not answered.
        if (!session.destroyed) unanswered--
      })
    })
    session.on('error', (error) => {
      const connection = { idle: unanswered === 0 }
      if (!isDeparture(error, connection)) setup.onConnectionError({ error, peer })
    })
    session.on('close', () => sessions.delete(session))
    // It was still in the TLS handshake when the others were drained.
    if (state === 'draining') session.close()
  })

  const listener = new SocketListener(server, setup)
  const port = await listener.listen()
  return {
    port,
    drain() {
      state = 'draining'
      listener.stop()
      for (const session of sessions) session.close()
    },
    kill: () => listener.kill(),
    ended: listener.ended,
  }
}

async function makeServer(
  setup: ServerSetup,
): Promise<http2.Http2Server | http2.Http2SecureServer> {
  if (setup.tls === undefined) return http2.createServer()
  // node:http2 selects h2 itself and does not accept an ALPN callback.
  const { ALPNCallback: _, ...options } = await tlsOptions(setup.tls, setup)
  return http2.createSecureServer(options)
}

function appendHeader(headers: http2.OutgoingHttpHeaders, name: string, value: string): void {
  const earlier = headers[name]
  if (earlier === undefined) headers[name] = value
  else headers[name] = [...(Array.isArray(earlier) ? earlier : [String(earlier)]), value]
}
