import { pathToFileURL } from 'node:url'
import { isPrebuiltResponse, type PrebuiltResponse } from '../../prebuilt/prebuild-response'
import type { Application, AppModule } from '../application'
import type { ServerSetup } from '../dispatch-method'

/** The listeners of a server to which its threads report. */
export type ServerListeners = Pick<ServerSetup<string>, 'onConnectionError' | 'onHandlerError'>

/** A setup as plain data, without the credentials and what can't be sent to a thread. */
export interface TransferredSetup<Protocol extends string> {
  readonly options: Omit<ServerSetup<Protocol>, 'app' | 'tls' | keyof ServerListeners>
  readonly app: PrebuiltResponse | TransferredModule
}

/** The URL as a string, because a message can't contain a URL object. */
interface TransferredModule {
  readonly url: string
  readonly export: string | undefined
}

/**
 * Converts a setup to plain data. The server package reads and passes on the credentials.
 *
 * @throws TypeError if the application is a function: `DispatchMethod.handlers` must rule that out
 */
export function packSetup<Protocol extends string>(
  setup: ServerSetup<Protocol>,
): TransferredSetup<Protocol> {
  const { app, tls: _, onConnectionError: __, onHandlerError: ___, ...options } = setup
  return { options, app: packApplication(app) }
}

/**
 * Converts plain data back to a setup, in the thread that serves.
 *
 * @param tls the credentials that were read
 * @param listeners those of the thread: see `hostThread`
 */
export function unpackSetup<Protocol extends string>(
  { options, app }: TransferredSetup<Protocol>,
  tls: ServerSetup['tls'],
  { onConnectionError, onHandlerError }: ServerListeners,
): ServerSetup<Protocol> {
  return { ...options, app: unpackApplication(app), tls, onConnectionError, onHandlerError }
}

function packApplication(app: Application): PrebuiltResponse | TransferredModule {
  if (isPrebuiltResponse(app)) return app
  if (typeof app === 'function') throw new TypeError('A function cannot be passed to a thread.')
  const url = app.module instanceof URL ? app.module : pathToFileURL(app.module)
  return { url: url.href, export: app.export }
}

function unpackApplication(
  app: PrebuiltResponse | TransferredModule,
): PrebuiltResponse | AppModule {
  if (!('url' in app)) return app
  const module = new URL(app.url)
  return app.export === undefined ? { module } : { module, export: app.export }
}
