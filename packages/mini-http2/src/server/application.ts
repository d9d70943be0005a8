import { pathToFileURL } from 'node:url'
import type { Handler } from '../application/handler'
import { isPrebuiltResponse, type PrebuiltResponse } from '../prebuilt/prebuild-response'
import { ServerSetupError } from './errors'
import { checkOptionNames } from './invalid-option'

/**
 * An application in a module of its own, which a worker thread or process can load.
 */
export interface AppModule {
  /** The module's URL, or its path relative to the working directory. */
  readonly module: URL | string
  /** Which of its exports is the application. Default: `default`. */
  readonly export?: string | undefined
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
  checkApplication(app)
  if (isLoadedApplication(app)) return app
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
  const what = `The export ${JSON.stringify(name)} of ${url.href}`
  refuseFetchApplication(value, what)
  if (isLoadedApplication(value)) return value
  throw new ServerSetupError(
    'INVALID_APP',
    `${what} is ${value === undefined ? 'missing' : 'no application'}: it must be ${WHAT_IS_ONE}.`,
  )
}

/**
 * Checks that a value is an application, as far as that shows without loading a module.
 *
 * @throws ServerSetupError `INVALID_APP` that says what is wrong; `INVALID_OPTION` if an app module has an option
 *   that does not exist
 */
export function checkApplication(app: unknown): asserts app is Application {
  refuseFetchApplication(app, 'The option app')
  if (isLoadedApplication(app)) return
  if (isAppModule(app)) return checkOptionNames(app, { module: true, export: true }, 'app')
  throw new ServerSetupError(
    'INVALID_APP',
    `The option app is no application: it must be ${WHAT_IS_ONE}, or an app module as { module: new URL(...) }.`,
  )
}

/**
 * Refuses a fetch application that was not wrapped with `toHandler`, where that is certain:
 *
 * - an object with a method `fetch`, as an application of Hono, h3 or Elysia;
 * - a function that is called `fetch` and doesn't declare the parameters `(request, response)`. `app.fetch` is one,
 *   bound or not: it takes a request, and at most an environment and a context behind it.
 *
 * Other functions are taken for handlers whatever they declare. If one of them is a fetch handler, its first
 * request fails with a MisuseError `RESPONSE_RETURNED`, or with what it throws.
 */
function refuseFetchApplication(app: unknown, what: string): void {
  const isObject = typeof app === 'object' && app !== null && !isAppModule(app)
  if (isObject && typeof (app as { fetch?: unknown }).fetch === 'function') {
    throw fetchApplication(what, 'has a method fetch', 'app: toHandler(app.fetch)')
  }
  if (typeof app === 'function' && isFetchMethod(app)) {
    throw fetchApplication(what, 'is a fetch handler', 'app: toHandler(fetch)')
  }
}

function isFetchMethod({ name, length }: { name: string; length: number }): boolean {
  return (name === 'fetch' || name === 'bound fetch') && length !== 2
}

function fetchApplication(what: string, found: string, right: string): ServerSetupError {
  return new ServerSetupError(
    'INVALID_APP',
    `${what} ${found}, which takes a Request and returns a Response. Wrap it with toHandler of @h2lab/mini-http2: ${right}.`,
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
