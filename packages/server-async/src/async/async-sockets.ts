import net from 'node:net'
import tls from 'node:tls'
import { PROTOCOL_NAMES, type ProtocolName } from '@h2lab/mini-http2/protocol'
import {
  ClientRefusedError,
  type DispatchMethod,
  loadConnectionFactory,
  type ServerSetup,
  type StartedServer,
} from '@h2lab/mini-http2/server'
import { peerName } from '../listener/peer-name'
import { SocketListener } from '../listener/socket-listener'
import { tlsOptions } from '../listener/tls-options'
import { Clients } from './clients'

/** The dispatch method `async`: Node's event loop serves many clients, on `net` or, with TLS, on `tls`. */
export const asyncSockets: DispatchMethod<ProtocolName, 'functions'> = {
  name: 'async',
  protocols: PROTOCOL_NAMES,
  handlers: 'functions',
  start,
}

async function start(setup: ServerSetup): Promise<StartedServer> {
  const newConnection = await loadConnectionFactory(setup)
  const clients = new Clients(newConnection, setup.onConnectionError)
  const server = await makeServer(setup, (socket) => {
    if (newConnection.admits()) clients.add(socket)
    else refuse(setup, socket)
  })
  const listener = new SocketListener(server, setup)
  const port = await listener.listen()
  return {
    port,
    drain() {
      listener.stop()
      clients.drain()
    },
    kill() {
      clients.kill()
      // Includes clients in a TLS handshake.
      listener.kill()
    },
    ended: listener.ended.then(() => clients.gone()),
  }
}

/** Node accepts as soon as a client connects, so it can't wait until there is memory. */
function refuse({ onConnectionError }: ServerSetup, socket: net.Socket): void {
  onConnectionError({ error: new ClientRefusedError('no memory'), peer: peerName(socket) })
  socket.destroy()
}

async function makeServer(
  setup: ServerSetup,
  onClient: (socket: net.Socket) => void,
): Promise<net.Server> {
  // A client that has closed its side still gets its responses.
  if (setup.tls === undefined) return net.createServer({ allowHalfOpen: true }, onClient)
  return tls.createServer(await tlsOptions(setup.tls, setup), (socket) => {
    // Not earlier: a client that closes its side during the handshake has nothing to wait for.
    socket.allowHalfOpen = true
    onClient(socket)
  })
}
