import { fileURLToPath } from 'node:url'

/**
 * Finds the built file for a thread of a server package. All files of a build are in one folder, as
 * ESM and CommonJS.
 *
 * @param here the caller's `import.meta.url`: a file of the build, or in tests a file below the
 *   package's `src`, next to which `dist` has the build
 * @param entry the name of the build's entry, such as `none-thread`
 * @returns its path, in the caller's module format
 */
export function threadFile(here: string, entry: string): string {
  if (here.endsWith('.ts')) {
    return fileURLToPath(`${here.slice(0, here.lastIndexOf('/src/'))}/dist/${entry}.js`)
  }
  return fileURLToPath(new URL(`./${entry}${here.endsWith('.cjs') ? '.cjs' : '.js'}`, here))
}
