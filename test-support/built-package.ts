import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runProgram } from './run-program'

/** The part of a package.json that says what can be loaded. */
interface PackageDescription {
  readonly name: string
  readonly exports: Readonly<Record<string, string | ConditionalExport>>
}

interface ConditionalExport {
  readonly import: Entry
  readonly require: Entry
}

interface Entry {
  readonly types: string
  readonly default: string
}

/**
 * Tests what users get when they install a package: each entry loads as ESM and as CommonJS, both export the same
 * names, and both have types. The package must be built first.
 *
 * @param testUrl `import.meta.url` of a test in the package's folder `test`
 */
export function describeBuiltPackage(testUrl: string): void {
  const folder = fileURLToPath(new URL('..', testUrl))
  const { name, exports } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as PackageDescription

  describe(`the built package ${name}`, () => {
    for (const [path, target] of Object.entries(exports)) {
      if (typeof target === 'string') continue
      const specifier = name + path.slice(1)

      test(`${specifier} exports the same as ESM and as CommonJS`, async () => {
        const [imported, required] = await Promise.all([
          exportsOf(folder, specifier, 'import'),
          exportsOf(folder, specifier, 'require'),
        ])
        expect(imported.length).toBeGreaterThan(0)
        expect(required).toEqual(imported)
      })

      test(`${specifier} has types for ESM and for CommonJS that name all of it`, async () => {
        const names = await exportsOf(folder, specifier, 'import')
        for (const { types } of [target.import, target.require]) {
          expect(existsSync(join(folder, types)), types).toBe(true)
          const text = readFileSync(join(folder, types), 'utf8')
          expect(names.filter((exported) => !text.includes(exported))).toEqual([])
        }
      })
    }
  })
}

/** The names that an entry exports, determined in a separate process. */
async function exportsOf(
  folder: string,
  specifier: string,
  loadedBy: 'import' | 'require',
): Promise<string[]> {
  const quoted = JSON.stringify(specifier)
  const script =
    loadedBy === 'import'
      ? `console.log(JSON.stringify(Object.keys(await import(${quoted})).sort()))`
      : `console.log(JSON.stringify(Object.keys(require(${quoted})).sort()))`
  const type = loadedBy === 'import' ? 'module' : 'commonjs'
  const args = [`--input-type=${type}`, '--eval', script]
  const { code, stdout, stderr } = await runProgram(process.execPath, args, { cwd: folder })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as string[]
}
