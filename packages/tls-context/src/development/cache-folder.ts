import { homedir } from 'node:os'
import { isAbsolute, posix, win32 } from 'node:path'

/** The parts of the user's environment that determine the cache folder. */
export interface UserEnvironment {
  readonly platform: NodeJS.Platform
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The user's home folder. */
  readonly home: string
}

/**
 * The folder for data of this project that can be recreated: `h2lab` in the user's cache folder.
 *
 * - Windows: `%LOCALAPPDATA%`, or `AppData\Local` in the home folder.
 * - macOS: `~/Library/Caches`.
 * - elsewhere: `$XDG_CACHE_HOME` if it is an absolute path, as the XDG Base Directory Specification
 *   requires, or `~/.cache`.
 *
 * @param user default: the user and the system of this process
 */
export function defaultCacheFolder(user: UserEnvironment = currentUser()): string {
  const { platform, environment, home } = user
  if (platform === 'win32') {
    const { LOCALAPPDATA: local } = environment
    return win32.join(local || win32.join(home, 'AppData', 'Local'), 'h2lab')
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Caches', 'h2lab')
  const { XDG_CACHE_HOME: cache } = environment
  return posix.join(cache && isAbsolute(cache) ? cache : posix.join(home, '.cache'), 'h2lab')
}

function currentUser(): UserEnvironment {
  return { platform: process.platform, environment: process.env, home: homedir() }
}
