import type { CheckedTlsCredentials } from '../credentials/credential-types'
import { checkOptionNames } from '../options'
import { defaultCacheFolder } from './cache-folder'
import { publish, readCache } from './certificate-cache'
import { isFresh, makeDevCertificate } from './dev-certificate'

/** What {@link devTls} takes. */
export interface DevTlsOptions {
  /** Where the certificate is kept; by default `h2lab` in the user's cache folder. */
  readonly cacheFolder?: string | undefined
}

/**
 * A certificate for development, with its private key: self-signed, P-256, valid for localhost,
 * 127.0.0.1 and ::1 for a year.
 *
 * It is made once and kept for the user's other processes and later starts, in a folder and file
 * that only the user may read (modes 0700 and 0600, where the system has them). It is made anew
 * if fewer than 30 days are left or the file is damaged. Where the folder can't be written, this
 * process keeps it in memory.
 *
 * @returns PEM text. Processes that start at the same time get the same
 * @throws TlsOptionError (as a rejection) if an option does not exist
 */
export async function devTls(options: DevTlsOptions = {}): Promise<CheckedTlsCredentials> {
  checkOptionNames(options, { cacheFolder: true })
  let folder: string
  try {
    folder = options.cacheFolder ?? defaultCacheFolder()
  } catch {
    // A user without a home folder, as in some containers.
    return inMemory('')
  }
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const cache = await readCache(folder)
    if (cache.state === 'fresh') return cache.credentials
    try {
      await publish(folder, cache.nextGeneration, await makeDevCertificate())
    } catch {
      // A read-only home, a full disk: a cache that can't be kept is no reason not to serve.
      break
    }
  }
  return inMemory(folder)
}

/**
 * The first attempt publishes, the second reads what was published, by this process or another.
 * A third is needed if the file was damaged in between; more would mean a disk that forgets.
 */
const MOST_ATTEMPTS = 3

/** By cache folder, so that a server and a client of one process agree even without a cache. */
const kept = new Map<string, Promise<CheckedTlsCredentials>>()

async function inMemory(folder: string): Promise<CheckedTlsCredentials> {
  const earlier = kept.get(folder)
  if (earlier !== undefined && isFresh(await earlier)) return earlier
  // Unless another call has renewed it while this one waited.
  if (kept.get(folder) === earlier) kept.set(folder, makeDevCertificate())
  return kept.get(folder)!
}
