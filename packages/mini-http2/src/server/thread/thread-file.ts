import { fileURLToPath } from 'node:url'

/**
 * Finds the built file that a thread of a server package runs. Every file of a build lies in one folder, as ESM
 * and as CommonJS.
 *
 * @param here the caller's `import.meta.url`: a file of the build, or one below the package's folder `src`,
 *   as tests run it, beside which the build lies in `dist`
 * @param entry the name of the build's entry, as `none-thread`
 * @returns its path, in the caller's module format
 */
export function threadFile(here: string, entry: string): string {
  if (here.endsWith('.ts')) {
    return fileURLToPath(`${here.slice(0, here.lastIndexOf('/src/'))}/dist/${entry}.js`)
  }
  return fileURLToPath(new URL(`./${entry}${here.endsWith('.cjs') ? '.cjs' : '.js'}`, here))
}
