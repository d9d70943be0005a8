import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findImplementation } from '@h2lab/measure'
import { type Program, startProgram } from './program'

/** The repository's root: what is built of this file is in `soak/dist`. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const H2LAB = join(ROOT, 'packages/measure/bin/h2lab.js')
const SERVERS = join(ROOT, 'soak/servers')

/** A server that can be soaked. */
export interface SoakedServer {
  /** As `async/http2`. */
  readonly name: string
  /** How many clients it serves at once: few if each has a thread with a heap of its own. */
  readonly clients: 'one' | 'few' | 'many'
  /** What an answer tells of its request: blocking loops do not wait for a body. */
  readonly answersTo: 'head' | 'whole'
  /**
   * Starts it in a process of its own.
   *
   * @param options further ones of `h2lab serve`
   * @returns when it accepts clients
   */
  start(options?: readonly string[]): Promise<Program>
}

/** Those that stand in front of the internet. */
export const SERVERS_BY_DEFAULT: readonly string[] = [
  'async/http2',
  'async-custom/http2',
  'thread/http2',
  'none/http2',
]

/** @returns undefined if there is no such server, or it does not call handlers */
export function findServer(name: string, isTls: boolean): SoakedServer | undefined {
  const implementation = findImplementation(name)
  if (implementation === undefined || implementation.protocol !== 'http2') return undefined
  const isBlocking = name.startsWith('none/') || name.startsWith('thread/')
  const application = isBlocking ? 'blocking-application.mjs' : 'application.mjs'
  return {
    name,
    clients: name.startsWith('none/') ? 'one' : name.startsWith('thread/') ? 'few' : 'many',
    answersTo: isBlocking ? 'head' : 'whole',
    start: (options = []) =>
      startProgram(H2LAB, [
        ...['serve', name, '--port', '0', isTls ? '--tls' : '--no-tls'],
        ...['--app', join(SERVERS, application)],
        ...options,
      ]),
  }
}
