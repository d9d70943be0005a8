import type { Options } from 'tsup'

/**
 * The build every package shares: ESM and CJS, each with types of its own.
 *
 * @param entry output name to source file
 * @param more what a package changes
 */
export function packageBuild(entry: Record<string, string>, more: Options = {}): Options {
  return {
    entry,
    format: ['esm', 'cjs'],
    dts: true,
    clean: true,
    sourcemap: true,
    target: 'node20',
    // `import.meta.url` in the CJS build too: workers are found beside the file.
    shims: true,
    ...more,
  }
}
