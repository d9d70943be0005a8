import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the packages. */
export const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url))

const NAMES = readdirSync(PACKAGES)

/** The sources of all entries of the packages. */
export const ENTRIES: readonly string[] = NAMES.flatMap((name) => {
  const text = readFileSync(join(PACKAGES, name, 'package.json'), 'utf8')
  const { exports } = JSON.parse(text) as { readonly exports: Readonly<Record<string, unknown>> }
  return Object.keys(exports)
    .filter((entry) => !entry.endsWith('.json'))
    .map((entry) => join(PACKAGES, name, 'src', entry, 'index.ts'))
})

/** The READMEs of the project and of all packages, by path relative to the folder of the packages. */
export const READMES: ReadonlyMap<string, string> = new Map(
  ['..', ...NAMES].map((name) => {
    const path = `${name}/README.md`
    return [path, readFileSync(join(PACKAGES, path), 'utf8')]
  }),
)

/** The path of a source relative to the folder of the packages; undefined for files of others. */
export function sourceName(file: string): string | undefined {
  const name = file.replaceAll('/', sep).slice(PACKAGES.length + 1)
  return file.startsWith(PACKAGES) && /^[^/]+\/src\//.test(name) ? name : undefined
}
