import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkPemCredentials } from '../credentials/check-credentials'
import type { CheckedTlsCredentials } from '../credentials/credential-types'
import { isFresh } from './dev-certificate'

/*
 * Certificate and key are in one file, `localhost-<generation>.pem`, so they always match. The
 * highest generation is current. Files are never modified: a process that finds an unusable one
 * publishes the next generation, and link(2) lets only one of several processes succeed. So all of
 * them use the same certificate, without a lock that a crash could leave behind.
 */

/** The content of a folder: the newest certificate, or the generation of the next one. */
export type CacheState =
  | { readonly state: 'fresh'; readonly credentials: CheckedTlsCredentials }
  | { readonly state: 'stale'; readonly nextGeneration: number }

/**
 * Reads the folder's newest certificate. A certificate that is damaged, mismatched or about to
 * expire is stale, and so is a folder that can't be read.
 */
export async function readCache(folder: string): Promise<CacheState> {
  const newest = Math.max(0, ...(await generations(folder)))
  try {
    const pem = await readFile(pathOf(folder, newest))
    const credentials = checkPemCredentials({ cert: pem, key: pem })
    if (isFresh(credentials)) return { state: 'fresh', credentials }
  } catch {
    // Missing, unreadable or damaged: the next generation replaces it.
  }
  return { state: 'stale', nextGeneration: newest + 1 }
}

/**
 * Publishes a certificate in the folder atomically, unless another process has already published
 * this generation. Then removes older generations.
 *
 * @throws an error of `node:fs` if the folder isn't writable
 */
export async function publish(
  folder: string,
  generation: number,
  { cert, key }: CheckedTlsCredentials,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = join(folder, `.localhost-${randomUUID()}.tmp`)
  try {
    await writeFile(temporary, cert + key, { mode: 0o600, flag: 'wx' })
    await linkOrRename(temporary, pathOf(folder, generation))
  } finally {
    await rm(temporary, { force: true })
  }
  await removeOlder(folder, generation)
}

async function linkOrRename(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return
    // A file system without hard links. The last of several processes wins here.
    await rename(from, to)
  }
}

async function removeOlder(folder: string, generation: number): Promise<void> {
  const older = (await generations(folder)).filter((number) => number < generation)
  // Files that can't be removed are harmless: the highest generation is current.
  await Promise.allSettled(older.map((number) => rm(pathOf(folder, number), { force: true })))
}

async function generations(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch(() => [])
  return names.flatMap((name) => {
    const number = /^localhost-([1-9]\d{0,8})\.pem$/.exec(name)?.[1]
    return number === undefined ? [] : [Number(number)]
  })
}

function pathOf(folder: string, generation: number): string {
  return join(folder, `localhost-${generation}.pem`)
}
