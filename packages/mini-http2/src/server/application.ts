import { pathToFileURL } from 'node:url'
import type { Handler } from '../application/handler'
import { isPrebuiltResponse, type PrebuiltResponse } from '../prebuilt/prebuild-response'
import { ServerSetupError } from './errors'
import { checkOptionNames } from './invalid-option'

/** An application exported by a module, which a worker thread or process can load. */
export interface AppModule {
  /** The module's URL, or its path relative to the working directory. */
  readonly module: URL | string
  /** The name of the export. Default: `default`. */
  readonly export?: string | undefined
}

/**
 * The application of a server: a prebuilt response, a handler, or a module that exports either.
 * `mini` supports no handlers. A dispatch method whose loop runs in its own thread only supports
 * handlers from a module.
 */
export type Application = PrebuiltResponse | Handler | AppModule

/** A loaded application. */
export type LoadedApplication = PrebuiltResponse | Handler

/**
 * Loads an application if it is a module.
 *
 * @throws ServerSetupError `INVALID_APP` with the problem and, if applicable, the module
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
    `${what} is ${value === undefined ? 'missing' : 'not an application'}: it must be ${WHAT_IS_ONE}.`,
  )
}

/**
 * Checks whether a value is an application, without loading a module.
 *
 * @throws ServerSetupError `INVALID_APP` with the problem; `INVALID_OPTION` if an app module has an
 *   option that does not exist
 */
export function checkApplication(app: unknown): asserts app is Application {
  refuseFetchApplication(app, 'The option app')
  if (isLoadedApplication(app)) return
  if (isAppModule(app)) return checkOptionNames(app, { module: true, export: true }, 'app')
  throw new ServerSetupError(
    'INVALID_APP',
    `The option app is not an application: it must be ${WHAT_IS_ONE}, or an app module such as { module: new URL(...) }.`,
  )
}

/**
 * Rejects a fetch application that was not wrapped with `toHandler`, if it is certain to be one:
 *
 * - an object with a method `fetch`, such as an application of Hono, h3 or Elysia;
 * - a function named `fetch` that doesn't declare the parameters `(request, response)`. `app.fetch`
 *   is one, bound or not: it takes a request and optionally an environment and a context.
 *
 * Other functions are treated as handlers, whatever they declare. If one of them is a fetch
 * handler, its first request fails with a MisuseError `RESPONSE_RETURNED`, or with the error it
 * throws.
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
  'the result of prebuildResponse({ status, headers, body }), or a handler (request, response) => void'

function isLoadedApplication(value: unknown): value is LoadedApplication {
  return isPrebuiltResponse(value) || typeof value === 'function'
}

/** Untyped callers may pass anything. */
function isAppModule(app: unknown): app is AppModule {
  const { module } = (app ?? {}) as { module?: unknown }
  return typeof module === 'string' || module instanceof URL
}

/** The exports of a CommonJS module are properties of its default export. */
function exported(exports: Record<string, unknown>, name: string): unknown {
  const value = exports[name]
  const commonJs = exports['default'] as Record<string, unknown> | null | undefined
  if (name === 'default') return commonJs?.['default'] ?? value
  return value ?? commonJs?.[name]
}
