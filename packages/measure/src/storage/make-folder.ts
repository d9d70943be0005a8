import { mkdir, rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Creates a folder and its missing parents. `mkdir` with `recursive` never returns if the system refuses with ENOENT,
 * as in /proc.
 *
 * @returns the created folders, topmost first
 * @throws the system's error
 */
export async function makeFolder(folder: string): Promise<string[]> {
  try {
    return (await makeOne(folder)) === 'made' ? [folder] : []
  } catch (error) {
    const parent = dirname(folder)
    if (codeOf(error) !== 'ENOENT' || parent === folder) throw error
    const above = await makeFolder(parent)
    try {
      return (await makeOne(folder)) === 'made' ? [...above, folder] : above
    } catch (error) {
      await removeEmptyFolders(above)
      throw error
    }
  }
}

/** Creates a single folder unless it exists. */
export async function makeOne(folder: string): Promise<'made' | 'there'> {
  try {
    await mkdir(folder)
    return 'made'
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'there'
    throw error
  }
}

/** Removes the folders created by {@link makeFolder} that are still empty. */
export async function removeEmptyFolders(folders: readonly string[]): Promise<void> {
  for (const folder of [...folders].reverse()) await rmdir(folder).catch(() => {})
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code
}
