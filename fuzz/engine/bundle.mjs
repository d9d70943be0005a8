import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { build, transform } from 'esbuild'
import { createInstrumenter } from 'istanbul-lib-instrument'
import { root } from '../../scripts/setup.mjs'

/** Where bundles are written. */
export const BUILD = join(root, 'fuzz', '.build')

/** The entries of packages, as their sources. */
const SOURCES = [
  ...['octets', 'server-async', 'server-sync', 'server-uws', 'tls-context'].map((name) => [
    `@h2lab/${name}`,
    `packages/${name}/src/index.ts`,
  ]),
  ...['client', 'fetch', 'frames', 'hpack', 'protocol', 'server', 'server/thread'].map((entry) => [
    `@h2lab/mini-http2/${entry}`,
    `packages/mini-http2/src/${entry}/index.ts`,
  ]),
  ['@h2lab/mini-http2', 'packages/mini-http2/src/index.ts'],
]

/** What is covered: our sources, and the decoder of histograms. */
const COVERED = /\/packages\/[^/]+\/src\/.*\.ts$|\/node_modules\/hdr-histogram-js\/.*\.js$/

/** Counts statements, functions and branches in a source file. */
async function instrumented(path) {
  const { code, map } = await transform(await readFile(path, 'utf8'), {
    loader: path.endsWith('.ts') ? 'ts' : 'js',
    target: 'node20',
    sourcefile: path,
    sourcemap: true,
  })
  const instrumenter = createInstrumenter({
    esModules: !/\bexports\b/.test(code),
    compact: true,
    produceSourceMap: true,
  })
  const counted = instrumenter.instrumentSync(code, relative(root, path), JSON.parse(map))
  const sourceMap = Buffer.from(JSON.stringify(instrumenter.lastSourceMap())).toString('base64')
  return `${counted}\n//# sourceMappingURL=data:application/json;base64,${sourceMap}`
}

/** What is instrumented already: targets share most sources. */
const known = new Map()

const instrument = {
  name: 'instrument',
  setup({ onLoad }) {
    onLoad({ filter: COVERED }, async ({ path }) => {
      if (!known.has(path)) known.set(path, instrumented(path))
      return { contents: await known.get(path), loader: 'js' }
    })
  },
}

/**
 * Bundles a target with the sources of the packages, in which coverage is counted.
 *
 * @param {string} name of the target
 * @returns {Promise<string>} the path of a CommonJS module that exports `fuzz`
 */
export async function bundle(name) {
  const outfile = join(BUILD, `${name}.cjs`)
  await build({
    entryPoints: [join(root, 'fuzz', 'targets', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    alias: Object.fromEntries(SOURCES.map(([entry, path]) => [entry, join(root, path)])),
    plugins: [instrument],
    // `import.meta.url` is where threads are found, of which targets start none.
    logOverride: { 'empty-import-meta': 'silent' },
    logLevel: 'warning',
  })
  return outfile
}
