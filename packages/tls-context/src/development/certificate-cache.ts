import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkPemCredentials } from '../credentials/check-credentials'
import type { CheckedTlsCredentials } from '../credentials/credential-types'
import { isFresh } from './dev-certificate'

/*
 * Certificate and key are in one file, `localhost-<generation>.pem`, so they can't get out of
 * step. The highest generation counts. A file is never changed: whoever finds it unusable
 * publishes the next generation, and of several processes that try, link(2) lets one win. So
 * they all end up with the same certificate, without a lock that a crash could leave behind.
 */

/** What a folder holds: the newest certificate, or the number that a new one has to get. */
export type CacheState =
  | { readonly state: 'fresh'; readonly credentials: CheckedTlsCredentials }
  | { readonly state: 'stale'; readonly nextGeneration: number }

/**
 * Looks for the folder's newest certificate. One that is damaged, mismatched or near its end
 * counts as stale, and so does a folder that can't be read.
 */
export async function readCache(folder: string): Promise<CacheState> {
  const newest = Math.max(0, ...(await generations(folder)))
  try {
    const pem = await readFile(pathOf(folder, newest))
    const credentials = checkPemCredentials({ cert: pem, key: pem })
    if (isFresh(credentials)) return { state: 'fresh', credentials }
  } catch {
    // Missing, unreadable or damaged: whatever it is, the next generation replaces it.
  }
  return { state: 'stale', nextGeneration: newest + 1 }
}

/**
 * Puts a certificate into the folder, complete or not at all, unless another process has
 * published that generation already; then removes older generations.
 *
 * @throws an error of `node:fs` if the folder can't be written
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
    // A file system without hard links. Here the last of several processes wins.
    await rename(from, to)
  }
}

async function removeOlder(folder: string, generation: number): Promise<void> {
  const older = (await generations(folder)).filter((number) => number < generation)
  // What can't be removed is only untidy: the highest generation counts.
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
