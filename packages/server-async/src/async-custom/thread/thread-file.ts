import { fileURLToPath } from 'node:url'

/** The name of the build's entry that a loop's thread runs. */
const ENTRY = 'async-custom-thread'

/** Finds the built file that a loop's thread runs. */
export function threadFile(): string {
  const here = import.meta.url
  if (here.endsWith('.ts')) {
    // From the sources, as tests run: the build lies beside them.
    return fileURLToPath(`${here.slice(0, here.lastIndexOf('/src/'))}/dist/${ENTRY}.js`)
  }
  // Built: every file lies in one folder.
  return fileURLToPath(new URL(`./${ENTRY}${here.endsWith('.cjs') ? '.cjs' : '.js'}`, here))
}
