import { fileURLToPath } from 'node:url'

/**
 * Finds the built file that a child process runs.
 *
 * @param name as in the build's entries, without ending
 * @param importer the `import.meta.url` of the file that asks
 */
export function builtFile(name: string, importer: string): string {
  if (importer.endsWith('.ts')) {
    // From the sources, as tests run: the build lies beside them.
    const root = importer.slice(0, importer.lastIndexOf('/src/'))
    return fileURLToPath(`${root}/dist/${name}.js`)
  }
  // Built: every file lies in one folder.
  return fileURLToPath(new URL(`./${name}${importer.endsWith('.cjs') ? '.cjs' : '.js'}`, importer))
}
