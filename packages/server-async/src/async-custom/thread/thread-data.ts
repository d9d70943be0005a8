import { randomBytes } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import type { MessagePort } from 'node:worker_threads'
import { isPrebuiltResponse, type PrebuiltResponse } from '@h2lab/mini-http2'
import type { AppModule, ServerSetup } from '@h2lab/mini-http2/server'
import { type CheckedTlsCredentials, readTlsCredentials } from '@h2lab/tls-context'
import { TICKET_KEYS_OCTETS } from '@h2lab/tls-context/native'
import type { PollerName } from '../poller/poller'

/** What the threads of a server have in common, as plain data. */
export interface SharedData {
  readonly setup: Omit<ServerSetup, 'app' | 'tls' | 'onConnectionError' | 'onHandlerError'>
  readonly app: PrebuiltResponse | PackedModule
  readonly tls:
    | {
        readonly credentials: CheckedTlsCredentials
        /** A client can resume its session with any thread. */
        readonly ticketKeys: Uint8Array
      }
    | undefined
  readonly poller: PollerName
  /** The memory of the server's `ClientCount`. */
  readonly clientCount: SharedArrayBuffer
}

/** What one thread is started with. */
export interface ThreadData extends SharedData {
  /** The descriptor of its listening socket. */
  readonly listener: number
  /** The memory of its `ThreadDescriptors`. */
  readonly descriptors: SharedArrayBuffer
  /** Commands come, and reports go. */
  readonly port: MessagePort
}

/** What a thread is told: as the functions of `StartedServer`. */
export type Command = 'drain' | 'kill'

/** A URL doesn't survive a message. */
interface PackedModule {
  readonly url: string
  readonly export: string | undefined
}

/**
 * Takes a setup apart.
 *
 * @throws TlsCredentialsError that names the file or text at fault
 * @throws TypeError if the application is a function
 */
export async function toSharedData(setup: ServerSetup, poller: PollerName): Promise<SharedData> {
  const { app, tls, onConnectionError: _, onHandlerError: __, ...plain } = setup
  return {
    setup: plain,
    app: packApplication(app),
    tls: tls && {
      credentials: await readTlsCredentials(tls),
      ticketKeys: randomBytes(TICKET_KEYS_OCTETS),
    },
    poller,
    clientCount: new SharedArrayBuffer(4),
  }
}

function packApplication(app: ServerSetup['app']): SharedData['app'] {
  if (isPrebuiltResponse(app)) return app
  if (typeof app === 'function') throw new TypeError('A function cannot follow into a thread.')
  const url = app.module instanceof URL ? app.module : pathToFileURL(app.module)
  return { url: url.href, export: app.export }
}

/** Makes an application of what came by a message. */
export function unpackApplication(app: SharedData['app']): PrebuiltResponse | AppModule {
  if (!('url' in app)) return app
  const module = new URL(app.url)
  return app.export === undefined ? { module } : { module, export: app.export }
}
