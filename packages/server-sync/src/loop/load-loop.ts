import { DEFAULT_LIMITS, type Handler } from '@h2lab/mini-http2'
import type { Connection, SharedMemoryUse } from '@h2lab/mini-http2/protocol'
import {
  loadApplication,
  loadConnectionFactory,
  type ServerSetup,
  UnsupportedServerSetupError,
} from '@h2lab/mini-http2/server'
import {
  type ApplicationCalls,
  type ServerListeners,
  unpackSetup,
} from '@h2lab/mini-http2/server/thread'
import type { OctetVector } from '@h2lab/octets'
import { type NativeTlsContext, sharedTlsContext, type TlsObjects } from '@h2lab/tls-context/native'
import { READ_BUFFER_LENGTH } from '../connection/do-connection'
import { ServerControl } from '../control/server-control'
import { Nghttp2UnavailableError } from '../nghttp2/library'
import { Nghttp2Connection } from '../nghttp2/nghttp2-connection'
import { toNghttp2Options } from '../nghttp2/options'
import type { SyncProtocolName } from '../protocol'
import type { LoopData } from './loop-data'

/** What a thread needs to serve its clients, loaded once. */
export interface Loop {
  readonly control: ServerControl
  readonly newConnection: (now: number) => Connection
  readonly tls: NativeTlsContext | undefined
  readonly noDelay: boolean
  /** In milliseconds. */
  readonly handshakeTimeout: number
  readonly readTimeout: number
  readonly writeTimeout: number
  /** Shared by all clients of the thread, because it reads one at a time. */
  readonly buffer: OctetVector
  readonly onFault: ServerListeners['onConnectionError']
}

/** How the parent thread follows what a thread does, because it may have to terminate it. */
export interface LoopRecords {
  /** Records the OpenSSL objects. */
  readonly tlsObjects: TlsObjects
  /** Records the calls of the application. */
  readonly calls: ApplicationCalls
}

/**
 * Loads the application and creates the TLS context, in the thread that serves.
 *
 * @param listeners called with connection errors and with what handlers throw
 * @param slot which of the server's threads it is
 * @param records for threads that may be terminated
 * @throws ServerSetupError `INVALID_APP` if the application can't be loaded or isn't one
 * @throws UnsupportedServerSetupError if the protocol does not support the application or can't run in this process
 * @throws if the certificate is not valid
 */
export async function loadLoop(
  data: LoopData,
  listeners: ServerListeners,
  slot = 0,
  records?: LoopRecords,
): Promise<Loop> {
  const { tls, readTimeout, writeTimeout } = data
  const setup = unpackSetup(data.setup, tls?.options, listeners)
  const control = new ServerControl(data)
  const memoryUse = { cells: data.memoryUse, index: slot }
  const newConnection = await loadFactory(setup, memoryUse, records?.calls)
  return {
    control,
    newConnection,
    tls: tls && sharedTlsContext(tls, records?.tlsObjects),
    noDelay: setup.noDelay,
    handshakeTimeout: setup.limits.prefaceTimeout ?? DEFAULT_LIMITS.prefaceTimeout,
    readTimeout,
    writeTimeout,
    buffer: new Uint8Array(READ_BUFFER_LENGTH),
    onFault: listeners.onConnectionError,
  }
}

async function loadFactory(
  setup: ServerSetup<SyncProtocolName>,
  memoryUse: SharedMemoryUse,
  calls: ApplicationCalls | undefined,
): Promise<Loop['newConnection']> {
  const { protocol, limits, extendedConnect, date, onHandlerError } = setup
  const loaded = await loadApplication(setup.app)
  const app = typeof loaded === 'function' && calls ? recorded(loaded, calls) : loaded
  if (protocol !== 'nghttp2') {
    return loadConnectionFactory({ ...setup, app, protocol }, { promises: 'refused', memoryUse })
  }
  try {
    const options = toNghttp2Options({ app, limits, extendedConnect, date, onHandlerError })
    return (now) => new Nghttp2Connection(options, now)
  } catch (cause) {
    if (!(cause instanceof Nghttp2UnavailableError)) throw cause
    const { implementation } = setup
    const reason = cause.message.replace(/\.$/, '')
    const alternative = implementation.replace('nghttp2', 'http2')
    throw new UnsupportedServerSetupError(implementation, reason, alternative, { cause })
  }
}

function recorded(handler: Handler, calls: ApplicationCalls): Handler {
  return (request, response) => {
    calls.enter()
    try {
      return handler(request, response)
    } finally {
      calls.leave()
    }
  }
}
