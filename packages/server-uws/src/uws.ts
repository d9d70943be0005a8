import { DEFAULT_LIMITS, isPrebuiltResponse } from '@h2lab/mini-http2'
import {
  type DispatchMethod,
  loadApplication,
  type ServerSetup,
  type StartedServer,
} from '@h2lab/mini-http2/server'
import { checkSetup, UNLIMITED_CLIENTS } from './check-setup'
import type { UwsApp } from './library/uws-library'
import { keepClientsAlive } from './listener/keep-alive'
import { listen } from './listener/listen'
import { makeApp } from './listener/make-app'
import { OpenRequests } from './serving/open-requests'
import { serveHandler } from './serving/serve-handler'
import { servePrebuilt } from './serving/serve-prebuilt'

/**
 * The dispatch method `uws`: uWebSockets.js, which has its own event loop on Node's libuv and its own protocol,
 * HTTP/1.1. A comparison from outside HTTP/2.
 */
export const uws: DispatchMethod<never, 'functions'> = {
  name: 'uws',
  protocols: 'own',
  handlers: 'functions',
  defaultMaxClients: UNLIMITED_CLIENTS,
  limits: ['streamWindowSize', 'keepAlive', 'keepAliveTimeout'],
  start,
}

async function start(setup: ServerSetup): Promise<StartedServer> {
  const library = checkSetup(setup)
  const openRequests = new OpenRequests()
  const app = await makeApp(library, setup.tls)
  try {
    await serve(app, setup, openRequests)
    const listening = await listen(app, setup)
    const port = library.us_socket_local_port(listening)
    keepClientsAlive(port, setup)
    return {
      port,
      ...endOf(app, openRequests, () => library.us_listen_socket_close(listening)),
    }
  } catch (error) {
    app.close()
    throw error
  }
}

async function serve(
  app: UwsApp,
  { app: application, limits, onHandlerError, tls }: ServerSetup,
  openRequests: OpenRequests,
): Promise<void> {
  const loaded = await loadApplication(application)
  if (isPrebuiltResponse(loaded)) {
    const { head, any } = servePrebuilt(loaded, openRequests)
    app.head('/*', head).any('/*', any)
    return
  }
  app.any(
    '/*',
    serveHandler(
      {
        handler: loaded,
        onHandlerError,
        scheme: tls === undefined ? 'http' : 'https',
        windowSize: limits.streamWindowSize ?? DEFAULT_LIMITS.streamWindowSize,
      },
      openRequests,
    ),
  )
}

function endOf(
  app: UwsApp,
  openRequests: OpenRequests,
  stopListening: () => void,
): Pick<StartedServer, 'drain' | 'kill' | 'ended'> {
  let state: 'serving' | 'draining' | 'closed' = 'serving'
  let resolveEnded = () => {}
  const ended = new Promise<void>((resolve) => {
    resolveEnded = resolve
  })
  const close = () => {
    if (state === 'closed') return
    state = 'closed'
    app.close()
    // The library closes the handles of its sockets at the end of this turn of the event loop.
    setImmediate(resolveEnded)
  }
  return {
    drain() {
      state = 'draining'
      stopListening()
      openRequests.drain(close)
    },
    kill: close,
    ended,
  }
}
