import { pathToFileURL } from 'node:url'
import type { Handler } from '../application/handler'
import { isPrebuiltResponse, type PrebuiltResponse } from '../prebuilt/prebuild-response'
import { ServerSetupError } from './errors'

/**
 * An application in a module of its own, which a worker thread or process can load.
 */
export interface AppModule {
  /** The module's URL, or its path relative to the working directory. */
  readonly module: URL | string
  /** Which of its exports is the application. Default: `default`. */
  readonly export?: string
}

/**
 * What answers the requests of a server: a response encoded once, a handler, or a module that
 * exports either. `mini` takes no handler; a dispatch method whose loop runs in a thread of its
 * own takes one only from a module.
 */
export type Application = PrebuiltResponse | Handler | AppModule

/** An application that is loaded and ready to be called. */
export type LoadedApplication = PrebuiltResponse | Handler

/**
 * Loads an application, if it is a module.
 *
 * @throws ServerSetupError `INVALID_APP` naming the module, if it is one, and what is wrong
 */
export async function loadApplication(app: Application): Promise<LoadedApplication> {
  if (isLoadedApplication(app)) return app
  if (!isAppModule(app)) {
    throw new ServerSetupError(
      'INVALID_APP',
      `The option app is no application: it must be ${WHAT_IS_ONE}, or an app module as { module: new URL(...) }.`,
    )
  }
  const url = app.module instanceof URL ? app.module : pathToFileURL(app.module)
  const name = app.export ?? 'default'
  let exports: Record<string, unknown>
  try {
    exports = (await import(url.href)) as Record<string, unknown>
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ServerSetupError(
      'INVALID_APP',
      `Can't load the application ${url.href}: ${reason}.`,
      {
        cause,
      },
    )
  }
  const value = exported(exports, name)
  if (isLoadedApplication(value)) return value
  throw new ServerSetupError(
    'INVALID_APP',
    `The export ${JSON.stringify(name)} of ${url.href} is ${value === undefined ? 'missing' : 'no application'}: ` +
      `it must be ${WHAT_IS_ONE}.`,
  )
}

const WHAT_IS_ONE =
  'what prebuildResponse({ status, headers, body }) returns, or a handler (request, response) => void'

function isLoadedApplication(value: unknown): value is LoadedApplication {
  return isPrebuiltResponse(value) || typeof value === 'function'
}

/** Callers without types come here with anything. */
function isAppModule(app: unknown): app is AppModule {
  const { module } = (app ?? {}) as { module?: unknown }
  return typeof module === 'string' || module instanceof URL
}

/** A CommonJS module's exports are its default export's properties. */
function exported(exports: Record<string, unknown>, name: string): unknown {
  const value = exports[name]
  const commonJs = exports['default'] as Record<string, unknown> | null | undefined
  if (name === 'default') return commonJs?.['default'] ?? value
  return value ?? commonJs?.[name]
}
