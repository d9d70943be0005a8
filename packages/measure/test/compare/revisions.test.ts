import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../../../test-support/eventually'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { builtRevisions } from '../../src/compare/revisions/built-revisions'
import { findRepository, findRevision, hasChanges } from '../../src/compare/revisions/git'
import { revisionTarget } from '../../src/compare/revisions/revision-targets'
import { allGone, descendantsOf } from '../support/processes'
import { smallRepository } from '../support/revisions'

const signal = new AbortController().signal

/** Builds revisions of a repository and tells which had to be built. */
async function build(
  repository: string,
  cache: string,
  names: readonly string[],
  mostKept?: number,
) {
  const revisions = await Promise.all(names.map((name) => findRevision(repository, name)))
  const built: string[] = []
  const folders = await builtRevisions(revisions, {
    repository,
    cache,
    ...(mostKept === undefined ? {} : { mostKept }),
    signal,
    onBuild: ({ name }) => built.push(name),
  })
  return { folders, built }
}

describe('revisions', () => {
  test('are found by whatever names a commit', async () => {
    const { folder, commit, git } = await smallRepository()
    const first = await git('rev-parse', 'HEAD')
    const second = await commit({ 'a file': 'with text' })
    expect(await findRepository(folder)).toBe(await git('rev-parse', '--show-toplevel'))
    expect(await findRevision(folder, 'HEAD~1')).toEqual({ name: 'HEAD~1', commit: first })
    expect(await findRevision(folder, 'main')).toEqual({ name: 'main', commit: second })
  })

  test('that do not exist are refused, and so is a folder that is in no repository', async () => {
    const { folder } = await smallRepository()
    for (const name of ['mian', '--all', '']) {
      await expect(findRevision(folder, name)).rejects.toMatchObject({
        code: 'REVISION_FAILED',
        message: `There is no revision ${JSON.stringify(name)} in ${folder}.`,
      })
    }
    await expect(findRepository(await temporaryFolder())).rejects.toMatchObject({
      code: 'REVISION_FAILED',
      message: expect.stringContaining('is not in a git repository'),
    })
  })

  test('do not have what was changed since', async () => {
    const { folder, commit } = await smallRepository()
    expect(await hasChanges(folder)).toBe(false)
    await commit({ 'a file': 'with text' })
    await rm(join(folder, 'a file'))
    expect(await hasChanges(folder)).toBe(true)
  })
})

describe('built revisions', () => {
  test('are kept by their commit, and built once', async () => {
    const { folder, commit, git } = await smallRepository()
    const cache = await temporaryFolder()
    await commit({ 'a file': 'with text' })
    const first = await build(folder, cache, ['HEAD~1', 'HEAD'])
    expect(first.built).toEqual(['HEAD~1', 'HEAD'])
    expect(first.folders).toEqual([
      join(cache, await git('rev-parse', 'HEAD~1')),
      join(cache, await git('rev-parse', 'HEAD')),
    ])
    expect(await readdir(first.folders[1]!)).toContain('a file')
    expect(await readdir(first.folders[0]!)).not.toContain('a file')
    const second = await build(folder, cache, ['main', 'HEAD~1', 'main'])
    expect(second.built).toEqual([])
    expect(second.folders).toEqual([first.folders[1], first.folders[0], first.folders[1]])
    // Git has forgotten none, and nothing is left of the building.
    expect((await readdir(cache)).sort()).toEqual([...new Set(second.folders)].map(nameOf).sort())
  })

  test('are few: those go that were not used for longest', async () => {
    const { folder, commit } = await smallRepository()
    const cache = await temporaryFolder()
    await commit({ number: '2' })
    await commit({ number: '3' })
    await build(folder, cache, ['HEAD~1'], 2)
    await build(folder, cache, ['HEAD'], 2)
    // Used again.
    await build(folder, cache, ['HEAD~1'], 2)
    await build(folder, cache, ['HEAD~2'], 2)
    expect(await readdir(cache)).toHaveLength(2)
    expect((await build(folder, cache, ['HEAD~1'], 2)).built).toEqual([])
  })

  test('that can’t be built are refused with what was said, and nothing is left of them', async () => {
    const { folder, commit, git } = await smallRepository()
    const cache = await temporaryFolder()
    await commit({ 'build.mjs': "console.error('no such luck'); process.exit(3)" })
    await expect(build(folder, cache, ['HEAD'])).rejects.toMatchObject({
      code: 'REVISION_FAILED',
      message: expect.stringMatching(
        /The revision HEAD .* can't be built: npx .* ended with \d+:[\s\S]*no such luck/,
      ),
    })
    expect(await readdir(cache)).toEqual([])
    expect(await git('worktree', 'list')).not.toContain(cache)
  })

  test('that are interrupted are not kept, and no process of the build is left', async () => {
    const { folder, commit } = await smallRepository()
    const cache = await temporaryFolder()
    const waiting = "require('node:fs').writeFileSync('waits', ''); setInterval(() => {}, 1000)"
    await commit({ 'build.cjs': waiting, 'build.mjs': "import './build.cjs'" })
    const controller = new AbortController()
    const building = builtRevisions([await findRevision(folder, 'HEAD')], {
      repository: folder,
      cache,
      signal: controller.signal,
      onBuild() {},
    })
    building.catch(() => {})
    await eventually(async () => {
      const [name] = await readdir(cache)
      await stat(join(cache, name!, 'waits'))
    })
    const children = descendantsOf(process.pid).filter(({ command }) => command.includes('build'))
    expect(children).not.toEqual([])
    controller.abort()
    await expect(building).rejects.toMatchObject({
      message: expect.stringContaining('was interrupted'),
    })
    expect(await readdir(cache)).toEqual([])
    await allGone(children)
  })

  test('serve from their own build', async () => {
    const { folder } = await smallRepository()
    const cache = await temporaryFolder()
    const { folders } = await build(folder, cache, ['HEAD'])
    const side = { name: 'HEAD', folder: folders[0]! }
    const target = revisionTarget('async/http2', 'async/http2 of HEAD', side)
    expect(target).toMatchObject({ name: 'async/http2 of HEAD', httpVersion: 'h2' })
    const server = await target.start({ tls: undefined })
    expect(server.url).toMatch(/^http:/)
    expect((await server.usage())?.cpu).toBeGreaterThan(0)
    await server.stop()
  })

  test('whose processes speak another version of the messages are refused', async () => {
    const { folder, commit, git } = await smallRepository()
    const cache = await temporaryFolder()
    const server = await git('show', 'HEAD:server-process.js')
    await commit({ 'server-process.js': server.replace("{ type: 'listening'", '$&, protocol: 2') })
    const { folders } = await build(folder, cache, ['HEAD'])
    const target = revisionTarget('async/http2', 'x', { name: 'HEAD', folder: folders[0]! })
    await expect(target.start({ tls: undefined })).rejects.toMatchObject({
      code: 'SERVER_FAILED',
      message: expect.stringContaining('uses version 2 of the messages'),
    })
  })

  test('from before servers had a process of their own are refused', async () => {
    const { folder, commit } = await smallRepository()
    const cache = await temporaryFolder()
    await commit({ 'build.mjs': '' })
    const { folders } = await build(folder, cache, ['HEAD'])
    expect(() => revisionTarget('async/http2', 'x', { name: 'HEAD', folder: folders[0]! })).toThrow(
      /The revision HEAD has no packages.measure.dist.server-process.js/,
    )
    expect((await stat(folders[0]!)).isDirectory()).toBe(true)
  })
})

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('/') + 1)
}
