import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { findPackage, importPackage } from '../../../src/peers/node/package'

/** Has this process started in a folder where a package is installed; returns the package's. */
async function startedBeside(name: string, files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'h2lab-packages-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, 'node_modules', name, file)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, text)
  }
  vi.spyOn(process, 'cwd').mockReturnValue(folder)
  onTestFinished(() => void vi.restoreAllMocks())
  return join(folder, 'node_modules', name)
}

test('a package is looked for where the process was started first', async () => {
  const own = findPackage('fastify')
  expect(own?.version).toMatch(/^\d+\.\d+\.\d+$/)
  await startedBeside('fastify', {
    'package.json': '{ "name": "fastify", "version": "0.0.1", "main": "main.js" }',
    'main.js': 'exports.fastify = "of the user"',
  })
  expect(findPackage('fastify')?.version).toBe('0.0.1')
  expect(await importPackage('fastify')).toMatchObject({ fastify: 'of the user' })
})

test('its version is that of its own package.json, not of one between', async () => {
  const folder = await startedBeside('@some/server', {
    'package.json':
      '{ "name": "@some/server", "version": "1.2.3", "exports": "./dist/cjs/main.js" }',
    'dist/cjs/package.json': '{ "type": "commonjs" }',
    'dist/cjs/main.js': '',
  })
  expect(findPackage('@some/server')).toEqual({
    main: join(folder, 'dist/cjs/main.js'),
    version: '1.2.3',
  })
})

test('one that is nowhere is not found, and can not be loaded', async () => {
  expect(findPackage('no-such-server')).toBeUndefined()
  await expect(importPackage('no-such-server')).rejects.toThrow(
    'The package no-such-server is not installed.',
  )
})
