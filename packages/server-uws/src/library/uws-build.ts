import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { UwsLibrary } from './uws-library'

/** A build of uWebSockets.js. */
export interface UwsBuild {
  /** The name of the package: the author's own or the redistribution. */
  readonly package: 'uWebSockets.js' | '@trufflesuite/uws-js-unofficial'
  /** The version in its package.json. */
  readonly version: string
}

/** Whether uWebSockets.js is available: the build, or the reason why there is none. */
export type UwsAvailability =
  | ({ readonly state: 'available' } & UwsBuild)
  | { readonly state: 'unavailable'; readonly reason: string }

/** {@link UwsAvailability} with the library itself. */
export type LoadedUws =
  | { readonly state: 'loaded'; readonly build: UwsBuild; readonly library: UwsLibrary }
  | { readonly state: 'unavailable'; readonly reason: string }

/**
 * Returns the build of uWebSockets.js that `uws` uses, or why there is none. It is searched for once: first
 * `uWebSockets.js` from its author's distribution, installed next to this package or where the process was started,
 * then the redistribution, an optional dependency of this package.
 */
export function uwsAvailability(): UwsAvailability {
  const uws = loadUws()
  return uws.state === 'loaded' ? { state: 'available', ...uws.build } : uws
}

/** Loads the build of {@link uwsAvailability}. */
export function loadUws(): LoadedUws {
  loaded ??= findUws()
  return loaded
}

let loaded: LoadedUws | undefined

function findUws(): LoadedUws {
  const reasons: string[] = []
  for (const find of [findOfficial, findRedistribution]) {
    const found = find()
    if (found.state === 'loaded') return found
    reasons.push(found.reason)
  }
  return { state: 'unavailable', reason: reasons.join('; ') }
}

function findOfficial(): LoadedUws {
  return find('uWebSockets.js', (require) => require('uWebSockets.js'))
}

/**
 * Loads the binary directly. The entry of the redistribution falls back to JavaScript if it does not load, and
 * prints.
 */
function findRedistribution(): LoadedUws {
  const name = '@trufflesuite/uws-js-unofficial'
  const { platform, arch, versions } = process
  const binary = `binaries/uws_${platform}_${arch}_${versions.modules}.node`
  return find(name, (require, folder) => require(join(folder, binary)))
}

function find(
  name: UwsBuild['package'],
  load: (require: NodeJS.Require, folder: string) => unknown,
): LoadedUws {
  // Resolved from this package and from the user's modules.
  for (const start of [import.meta.url, join(process.cwd(), 'here.js')]) {
    const require = createRequire(start)
    let description: string
    try {
      description = require.resolve(`${name}/package.json`)
    } catch {
      continue
    }
    try {
      const { version } = require(description) as { version: string }
      const library = load(require, dirname(description))
      if (isNative(library)) return { state: 'loaded', build: { package: name, version }, library }
      return unavailable(`${name} is there, but not native: it has fallen back to JavaScript`)
    } catch (error) {
      return unavailable(`${name} is there, but does not load: ${firstLine(error)}`)
    }
  }
  return unavailable(`${name} is not installed`)
}

function unavailable(reason: string): LoadedUws {
  return { state: 'unavailable', reason }
}

/** `toString` shows the source of JavaScript functions, but not of native ones. */
function isNative(library: unknown): library is UwsLibrary {
  const { App } = (library ?? {}) as { App?: unknown }
  return typeof App === 'function' && /\{\s*\[native code\]\s*\}$/.test(String(App))
}

/** The other lines of such messages list the requiring modules. */
function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n', 1)[0]!
}
