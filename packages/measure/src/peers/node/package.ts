import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A package that is installed. */
export interface FoundPackage {
  /** Its main file, absolute. */
  readonly main: string
  /** As its package.json says. */
  readonly version: string
}

/**
 * Looks for a package, first from the folder where this process was started, as the user's own
 * modules would find it, then from this one.
 */
export function findPackage(name: string): FoundPackage | undefined {
  for (const start of [join(process.cwd(), 'here.js'), import.meta.url]) {
    try {
      const main = createRequire(start).resolve(name)
      return { main, version: versionOf(name, main) }
    } catch {
      // Not from there.
    }
  }
  return undefined
}

/**
 * Loads a package that {@link findPackage} finds.
 *
 * @throws Error if it is not there, or does not load
 */
export async function importPackage<Module>(name: string): Promise<Module> {
  const found = findPackage(name)
  if (found === undefined) throw new Error(`The package ${name} is not installed.`)
  return (await import(pathToFileURL(found.main).href)) as Module
}

/** Its package.json is in a folder above its main file; packages need not export it. */
function versionOf(name: string, main: string): string {
  let folder = dirname(main)
  while (folder !== dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file)) {
      const description = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
      // Between the two may be others, which say of what kind the modules beside them are.
      if (description['name'] === name) return String(description['version'])
    }
    folder = dirname(folder)
  }
  throw new Error(`${main} has no package.json of ${name}`)
}
