import { randomBytes } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { isPrebuiltResponse, type PrebuiltResponse } from '@h2lab/mini-http2'
import type { ServerSetup } from '@h2lab/mini-http2/server'
import { type CheckedTlsCredentials, readTlsCredentials } from '@h2lab/tls-context'
import { TICKET_KEYS_OCTETS } from '@h2lab/tls-context/native'
import type { ServerHandle } from '../control/server-control'
import type { SyncProtocolName } from '../protocol'

/** All that a loop needs of its server, as plain data: a thread gets it by a message. */
export interface LoopData extends ServerHandle {
  readonly setup: Omit<
    ServerSetup<SyncProtocolName>,
    'app' | 'tls' | 'onConnectionError' | 'onHandlerError'
  >
  readonly app: PrebuiltResponse | { readonly url: string; readonly export: string | undefined }
  readonly tls: LoopTls | undefined
  /** How long a client may send nothing, in milliseconds. */
  readonly readTimeout: number
}

/** What the threads of a server make their TLS contexts of. */
export interface LoopTls {
  readonly credentials: CheckedTlsCredentials
  /** Common to all, so that a client can resume its session with any. */
  readonly ticketKeys: Uint8Array
}

/**
 * Takes a setup apart.
 *
 * @param defaultReadTimeout unless `limits.idleTimeout` says otherwise, in milliseconds
 * @throws TlsCredentialsError that names the file or text at fault
 * @throws TypeError if the application is a function
 */
export async function toLoopData(
  setup: ServerSetup<SyncProtocolName>,
  defaultReadTimeout: number,
): Promise<Omit<LoopData, keyof ServerHandle>> {
  const { app, tls, onConnectionError: _, onHandlerError: __, ...plain } = setup
  return {
    setup: plain,
    app: packApplication(app),
    tls: tls && {
      credentials: await readTlsCredentials(tls),
      ticketKeys: randomBytes(TICKET_KEYS_OCTETS),
    },
    readTimeout: setup.limits.idleTimeout ?? defaultReadTimeout,
  }
}

/** A URL doesn't survive a message. */
function packApplication(app: ServerSetup['app']): LoopData['app'] {
  if (isPrebuiltResponse(app)) return app
  if (typeof app === 'function') throw new TypeError('A function cannot follow into a thread.')
  const { module } = app
  const url = module instanceof URL ? module : pathToFileURL(module)
  return { url: url.href, export: app.export }
}
