import { fileURLToPath } from 'node:url'

/** The entries of the build that threads run. */
export type ThreadFile = 'none-thread' | 'listener-thread' | 'client-thread'

/** Finds the built file that a thread runs. */
export function threadFile(name: ThreadFile): string {
  const here = import.meta.url
  if (here.endsWith('.ts')) {
    // From the sources, as tests run: the build lies beside them.
    return fileURLToPath(`${here.slice(0, here.lastIndexOf('/src/'))}/dist/${name}.js`)
  }
  // Built: every file lies in one folder.
  return fileURLToPath(new URL(`./${name}${here.endsWith('.cjs') ? '.cjs' : '.js'}`, here))
}
