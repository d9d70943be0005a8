import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** An installed package. */
export interface FoundPackage {
  /** The absolute path of its main file. */
  readonly main: string
  /** The version in its package.json. */
  readonly version: string
}

/** Finds a package, first from the current directory, like the user's own modules, then from this one. */
export function findPackage(name: string): FoundPackage | undefined {
  for (const start of [join(process.cwd(), 'here.js'), import.meta.url]) {
    try {
      const main = createRequire(start).resolve(name)
      return { main, version: versionOf(name, main) }
    } catch {
      // Not found from there.
    }
  }
  return undefined
}

/**
 * Loads a package that {@link findPackage} finds.
 *
 * @throws Error if it is not installed or does not load
 */
export async function importPackage<Module>(name: string): Promise<Module> {
  const found = findPackage(name)
  if (found === undefined) throw new Error(`The package ${name} is not installed.`)
  return (await import(pathToFileURL(found.main).href)) as Module
}

/** Searches upwards from the main file, because packages need not export their package.json. */
function versionOf(name: string, main: string): string {
  let folder = dirname(main)
  while (folder !== dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file)) {
      const description = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
      // There may be others in between, which only set the type of the modules next to them.
      if (description['name'] === name) return String(description['version'])
    }
    folder = dirname(folder)
  }
  throw new Error(`${main} has no package.json of ${name}`)
}
