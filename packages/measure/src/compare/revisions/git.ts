import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { MeasureError } from '../../errors'

/** A revision of a repository. */
export interface Revision {
  /** The requested name, such as `main` or `HEAD~2`. */
  readonly name: string
  /** The full hash of its commit. */
  readonly commit: string
}

/**
 * Finds the repository that a folder is in.
 *
 * @returns its top-level folder
 * @throws MeasureError `REVISION_FAILED` if there is none, or no git
 */
export async function findRepository(folder: string): Promise<string> {
  try {
    return await git(folder, ['rev-parse', '--show-toplevel'])
  } catch (cause) {
    throw failed(`${folder} is not in a git repository: ${messageOf(cause)}.`, cause)
  }
}

/** @throws MeasureError `REVISION_FAILED` if the repository has no such revision */
export async function findRevision(repository: string, name: string): Promise<Revision> {
  try {
    const wanted = ['--verify', '--quiet', '--end-of-options', `${name}^{commit}`]
    return { name, commit: await git(repository, ['rev-parse', ...wanted]) }
  } catch (cause) {
    throw failed(`There is no revision ${JSON.stringify(name)} in ${repository}.`, cause)
  }
}

/** Whether tracked files have uncommitted changes. */
export async function hasChanges(repository: string): Promise<boolean> {
  return (await git(repository, ['status', '--porcelain', '--untracked-files=no'])) !== ''
}

/** Creates a folder with the files of a commit. */
export async function addWorktree(
  repository: string,
  folder: string,
  commit: string,
): Promise<void> {
  await git(repository, ['worktree', 'add', '--quiet', '--force', '--detach', folder, commit])
}

export async function moveWorktree(repository: string, from: string, to: string): Promise<void> {
  await git(repository, ['worktree', 'move', from, to])
}

/** Removes records of worktrees whose folders are gone. Never fails. */
export async function pruneWorktrees(repository: string): Promise<void> {
  await git(repository, ['worktree', 'prune']).catch(() => {})
}

async function git(folder: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['-C', folder, ...args])
  return stdout.trim()
}

function failed(message: string, cause: unknown): MeasureError {
  return new MeasureError('REVISION_FAILED', message, { cause })
}

function messageOf(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string }
  const lines = (stderr || message).trim().split('\n')
  return lines[0]!.replace(/\.$/, '')
}
