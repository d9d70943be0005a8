import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { UwsLibrary } from './uws-library'

/** Which build of uWebSockets.js is used. */
export interface UwsBuild {
  /** The package's name: the author's own, or that of the redistribution. */
  readonly package: 'uWebSockets.js' | '@trufflesuite/uws-js-unofficial'
  /** As its package.json says. */
  readonly version: string
}

/** Whether uWebSockets.js can be used here: which build, or why there is none. */
export type UwsAvailability =
  | ({ readonly state: 'available' } & UwsBuild)
  | { readonly state: 'unavailable'; readonly reason: string }

/** {@link UwsAvailability} with the library itself. */
export type LoadedUws =
  | { readonly state: 'loaded'; readonly build: UwsBuild; readonly library: UwsLibrary }
  | { readonly state: 'unavailable'; readonly reason: string }

/**
 * Tells which build of uWebSockets.js `uws` uses, or why there is none. It is looked for once:
 * first `uWebSockets.js`, installed from its author's distribution, beside this package or where
 * the process was started; then the redistribution that this package has as an optional dependency.
 */
export function uwsAvailability(): UwsAvailability {
  const uws = loadUws()
  return uws.state === 'loaded' ? { state: 'available', ...uws.build } : uws
}

/** Loads what {@link uwsAvailability} tells of. */
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
 * Loads the binary itself: the redistribution's own entry replaces one that does not load by
 * JavaScript, and prints.
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
  // From here, and from the user's own modules.
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

/** What is written in JavaScript shows its source; what is native has none. */
function isNative(library: unknown): library is UwsLibrary {
  const { App } = (library ?? {}) as { App?: unknown }
  return typeof App === 'function' && /\{\s*\[native code\]\s*\}$/.test(String(App))
}

/** The rest of such messages is a list of the modules that asked. */
function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n', 1)[0]!
}
