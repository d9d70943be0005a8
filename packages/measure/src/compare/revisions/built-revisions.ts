import { access, mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultCacheFolder } from '@h2lab/tls-context'
import { MeasureError } from '../../errors'
import { buildRevision } from './build-revision'
import { addWorktree, moveWorktree, pruneWorktrees, type Revision } from './git'

/** How many built revisions are kept by default. Each is a folder with its dependencies. */
const MOST_KEPT = 6

/** A file in the folder of a complete build. Its time is that of the last use. */
const MARK = '.h2lab-built'

/** Builds that were not touched for this long are abandoned, in milliseconds. */
const GIVEN_UP = 3_600_000

export interface BuildOptions {
  readonly repository: string
  /** Ends a build. */
  readonly signal: AbortSignal
  /** Called before something is built, which takes a while. */
  readonly onBuild: (revision: Revision) => void
  /** Where built revisions are kept. */
  readonly cache?: string
  /** How many are kept there, including the requested ones. */
  readonly mostKept?: number
}

/** Where built revisions are kept by default. */
export function revisionsFolder(): string {
  return join(defaultCacheFolder(), 'revisions')
}

/**
 * Builds revisions in separate worktrees, unless they are already built. A folder gets the name of its commit only
 * when it is complete, so several processes may build the same revision.
 *
 * @returns the folder of each, in the same order
 * @throws MeasureError `REVISION_FAILED`
 */
export async function builtRevisions(
  revisions: readonly Revision[],
  { repository, signal, onBuild, cache = revisionsFolder(), mostKept = MOST_KEPT }: BuildOptions,
): Promise<string[]> {
  await mkdir(cache, { recursive: true })
  const folders: string[] = []
  for (const revision of revisions) {
    const folder = join(cache, revision.commit)
    if (!(await isBuilt(folder))) {
      onBuild(revision)
      await build(revision, folder)
    }
    await touch(folder)
    folders.push(folder)
  }
  await forgetOld(cache, folders, mostKept)
  await pruneWorktrees(repository)
  return folders

  async function build(revision: Revision, folder: string): Promise<void> {
    const unfinished = `${folder}.${process.pid}`
    try {
      // A folder without the mark was left behind by a killed process.
      await rm(folder, { recursive: true, force: true })
      await rm(unfinished, { recursive: true, force: true })
      await pruneWorktrees(repository)
      await addWorktree(repository, unfinished, revision.commit)
      await buildRevision(unfinished, revision, signal)
      await writeFile(join(unfinished, MARK), '')
      await moveWorktree(repository, unfinished, folder)
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true })
      await pruneWorktrees(repository)
      // Another process was faster.
      if (await isBuilt(folder)) return
      if (error instanceof MeasureError) throw error
      const reason = error instanceof Error ? error.message : String(error)
      throw new MeasureError('REVISION_FAILED', `Can't build ${revision.name}: ${reason}`, {
        cause: error,
      })
    }
  }
}

async function isBuilt(folder: string): Promise<boolean> {
  return access(join(folder, MARK)).then(
    () => true,
    () => false,
  )
}

async function touch(folder: string): Promise<void> {
  const now = new Date()
  await utimes(join(folder, MARK), now, now)
}

/** Removes the least recently used builds and abandoned ones. */
async function forgetOld(cache: string, inUse: readonly string[], mostKept: number): Promise<void> {
  const built: { readonly folder: string; readonly usedAt: number }[] = []
  for (const name of await readdir(cache)) {
    const folder = join(cache, name)
    if (inUse.includes(folder)) continue
    const mark = await stat(join(folder, MARK)).catch(() => undefined)
    if (mark !== undefined) built.push({ folder, usedAt: mark.mtimeMs })
    else if (await isGivenUp(folder)) await rm(folder, { recursive: true, force: true })
  }
  built.sort((one, other) => other.usedAt - one.usedAt)
  for (const { folder } of built.slice(Math.max(0, mostKept - inUse.length))) {
    await rm(folder, { recursive: true, force: true })
  }
}

async function isGivenUp(folder: string): Promise<boolean> {
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }))
  return Date.now() - mtimeMs > GIVEN_UP
}
