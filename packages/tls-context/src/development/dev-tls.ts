import type { CheckedTlsCredentials, CredentialScope } from '../credentials/credential-types'
import { checkOptionNames, invalidOption } from '../options'
import { defaultCacheFolder } from './cache-folder'
import { publish, readCache } from './certificate-cache'
import { isFresh, makeDevCertificate } from './dev-certificate'

/** Options of {@link devTls}. */
export interface DevTlsOptions {
  /** The folder for the certificate. Default: `h2lab` in the user's cache folder. */
  readonly cacheFolder?: string | undefined
  /**
   * Whether a server may use the certificate on addresses that other machines can reach. Clients can't tell it from one
   * that somebody else has made. Default false.
   */
  readonly anywhere?: boolean | undefined
}

/** The result of {@link devTls}. */
export interface DevTlsCredentials extends CheckedTlsCredentials {
  /** True unless `anywhere` was given: see {@link CredentialScope}. */
  readonly loopbackOnly: boolean
}

/**
 * Returns a certificate for development, with its private key: self-signed, P-256, valid for
 * localhost, 127.0.0.1 and ::1 for a year.
 *
 * It is created once and stored for the user's other processes and later starts, in a folder and
 * file that only the user may read (modes 0700 and 0600, where supported). It is renewed if fewer
 * than 30 days are left or the file is damaged. If the folder isn't writable, it is kept in the
 * memory of this process.
 *
 * @returns PEM text. Processes that start at the same time get the same certificate
 * @throws TlsOptionError (as a rejection) if an option does not exist or is invalid
 */
export async function devTls(options: DevTlsOptions = {}): Promise<DevTlsCredentials> {
  checkOptionNames(options, { cacheFolder: true, anywhere: true })
  const { cacheFolder, anywhere = false } = options
  if (typeof anywhere !== 'boolean') throw invalidOption('anywhere', anywhere, 'true or false')
  return { ...(await stored(cacheFolder)), loopbackOnly: !anywhere }
}

async function stored(cacheFolder: string | undefined): Promise<CheckedTlsCredentials> {
  let folder: string
  try {
    folder = cacheFolder ?? defaultCacheFolder()
  } catch {
    // The user has no home folder, as in some containers.
    return inMemory('')
  }
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const cache = await readCache(folder)
    if (cache.state === 'fresh') return cache.credentials
    try {
      await publish(folder, cache.nextGeneration, await makeDevCertificate())
    } catch {
      // Read-only home or full disk: a server works without the cache.
      break
    }
  }
  return inMemory(folder)
}

/**
 * The first attempt publishes, the second reads what this or another process has published. A third
 * is needed if the file was damaged in between. More would mean that the disk loses data.
 */
const MOST_ATTEMPTS = 3

/** By cache folder, so that a server and a client in one process agree even without a cache. */
const kept = new Map<string, Promise<CheckedTlsCredentials>>()

async function inMemory(folder: string): Promise<CheckedTlsCredentials> {
  const earlier = kept.get(folder)
  if (earlier !== undefined && isFresh(await earlier)) return earlier
  // Unless another call has renewed it in the meantime.
  if (kept.get(folder) === earlier) kept.set(folder, makeDevCertificate())
  return kept.get(folder)!
}
