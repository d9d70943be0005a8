import { type ConnectionFactory, DEFAULT_LIMITS } from '@h2lab/mini-http2'
import {
  type AppModule,
  loadApplication,
  loadConnectionFactory,
  type ServerSetup,
  UnsupportedServerSetupError,
} from '@h2lab/mini-http2/server'
import type { OctetVector } from '@h2lab/octets'
import { NativeTlsContext } from '@h2lab/tls-context/native'
import { READ_BUFFER_LENGTH } from '../connection/do-connection'
import { ServerControl } from '../control/server-control'
import { Nghttp2UnavailableError } from '../nghttp2/library'
import { Nghttp2Connection } from '../nghttp2/nghttp2-connection'
import { toNghttp2Options } from '../nghttp2/options'
import type { SyncProtocolName } from '../protocol'
import type { LoopData } from './loop-data'
import type { FaultListener, Reporter } from './reporter'

/** What a thread serves its clients with, loaded once. */
export interface Loop {
  readonly control: ServerControl
  readonly newConnection: ConnectionFactory
  readonly tls: NativeTlsContext | undefined
  readonly noDelay: boolean
  /** In milliseconds. */
  readonly handshakeTimeout: number
  readonly readTimeout: number
  /** One client is read at a time. */
  readonly buffer: OctetVector
  readonly onFault: FaultListener
}

/**
 * Loads the application and makes the TLS context, in the thread that serves.
 *
 * @throws ServerSetupError `INVALID_APP` if the application can't be loaded or isn't one
 * @throws UnsupportedServerSetupError if protocol, application and process don't go together
 * @throws what is wrong with the certificate
 */
export async function loadLoop(data: LoopData, reporter: Reporter): Promise<Loop> {
  const setup: ServerSetup<SyncProtocolName> = {
    ...data.setup,
    app: 'url' in data.app ? unpackModule(data.app) : data.app,
    tls: undefined,
    onConnectionError: reporter.onFault,
    onHandlerError: reporter.onHandlerError,
  }
  const newConnection = await loadFactory(setup)
  return {
    control: new ServerControl(data),
    newConnection,
    tls:
      data.tls &&
      new NativeTlsContext({ ...data.tls.credentials, ticketKeys: data.tls.ticketKeys }),
    noDelay: setup.noDelay,
    handshakeTimeout: setup.limits.prefaceTimeout ?? DEFAULT_LIMITS.prefaceTimeout,
    readTimeout: data.readTimeout,
    buffer: new Uint8Array(READ_BUFFER_LENGTH),
    onFault: reporter.onFault,
  }
}

function unpackModule({
  url,
  export: name,
}: {
  url: string
  export: string | undefined
}): AppModule {
  return name === undefined ? { module: new URL(url) } : { module: new URL(url), export: name }
}

async function loadFactory(setup: ServerSetup<SyncProtocolName>): Promise<ConnectionFactory> {
  const { protocol, limits, extendedConnect, onHandlerError } = setup
  if (protocol !== 'nghttp2') {
    return loadConnectionFactory({ ...setup, protocol }, { promises: 'refused' })
  }
  const app = await loadApplication(setup.app)
  try {
    const options = toNghttp2Options({ app, limits, extendedConnect, onHandlerError })
    return (now) => new Nghttp2Connection(options, now)
  } catch (cause) {
    if (!(cause instanceof Nghttp2UnavailableError)) throw cause
    const { implementation } = setup
    const reason = cause.message.replace(/\.$/, '')
    const alternative = implementation.replace('nghttp2', 'http2')
    throw new UnsupportedServerSetupError(implementation, reason, alternative, { cause })
  }
}
