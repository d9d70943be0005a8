import type { PrebuiltResponse } from '../prebuilt/prebuild-response'
import { isPrebuiltResponse } from '../prebuilt/prebuild-response'
import {
  type ConnectionFactory,
  type ConnectionOptions,
  connectionFactory,
} from '../protocol/connection-factory'
import { loadApplication } from './application'
import type { ServerSetup } from './dispatch-method'
import { defaultMaxMemory } from './max-memory'
import { unsupportedHandler } from './supported-setup'

/*
 * Functions for dispatch methods, in the thread that serves.
 */

/**
 * Loads the application and prepares the data that all connections of the server share.
 *
 * @param options what the dispatch method can't offer to handlers, such as promises in a blocking
 *   loop, and how threads like this one share the server's memory
 * @throws ServerSetupError `INVALID_APP` if the application can't be loaded or isn't valid
 * @throws UnsupportedServerSetupError if the protocol doesn't support it
 */
export async function loadConnectionFactory(
  setup: ServerSetup,
  options: Pick<ConnectionOptions, 'promises' | 'memoryUse'> = {},
): Promise<ConnectionFactory> {
  const { protocol, limits, extendedConnect, date, onHandlerError } = setup
  if (protocol === undefined) throw new TypeError(`${setup.implementation} has its own protocol.`)
  const app =
    protocol === 'mini' ? await loadPrebuiltResponse(setup) : await loadApplication(setup.app)
  const maxMemory = limits.maxMemory ?? defaultMaxMemory()
  const all = protocol === 'http2' ? { ...limits, maxMemory } : limits
  return connectionFactory(protocol, app, all, {
    extendedConnect,
    date,
    onHandlerError,
    ...options,
  })
}

/**
 * Loads the application of a server that calls no handlers.
 *
 * @throws ServerSetupError `INVALID_APP` if the application can't be loaded or isn't valid
 * @throws UnsupportedServerSetupError if it is a handler
 */
export async function loadPrebuiltResponse(setup: ServerSetup<string>): Promise<PrebuiltResponse> {
  const app = await loadApplication(setup.app)
  if (isPrebuiltResponse(app)) return app
  throw unsupportedHandler(setup)
}
