import { fileURLToPath } from 'node:url'

/**
 * Finds the built file that a child process runs.
 *
 * @param name the name of the build entry, without extension
 * @param importer the `import.meta.url` of the calling file
 */
export function builtFile(name: string, importer: string): string {
  if (importer.endsWith('.ts')) {
    // Called from the sources, as in tests: the build is next to them.
    const root = importer.slice(0, importer.lastIndexOf('/src/'))
    return fileURLToPath(`${root}/dist/${name}.js`)
  }
  // Called from the build: all files are in one folder.
  return fileURLToPath(new URL(`./${name}${importer.endsWith('.cjs') ? '.cjs' : '.js'}`, importer))
}
