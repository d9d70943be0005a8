import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findImplementation, findTarget, IMPLEMENTATIONS, PEERS } from '@h2lab/measure'
import { devTls } from '@h2lab/tls-context'
import type { Need } from '../attacks/attack'
import { startProgram } from './program'
import type { AttackedServer } from './server'

/** The repository's root: what is built of this file is in `attack/dist`. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const H2LAB = join(ROOT, 'packages/measure/bin/h2lab.js')
const SERVERS = join(ROOT, 'attack/servers')

/** Those whose promises are checked: they stand in front of the internet. */
const OURS = ['async/http2', 'async-custom/http2', 'thread/http2', 'none/http2']

/** What others withstand is shown beside them. */
const COMPARED = ['node-http2', 'nghttpd', 'h2o', 'nginx']

/** Those that are attacked unless others are named. */
export const DEFAULT_SERVERS: readonly string[] = [...OURS, ...COMPARED]

/** @returns undefined if there is no such server */
export function findServer(name: string, isTls: boolean): AttackedServer | undefined {
  if (name === 'node-http2') return nodeHttp2(isTls)
  const implementation = findImplementation(name)
  if (implementation !== undefined) {
    return implementation.httpVersion === 'h2' ? served(name, isTls) : undefined
  }
  return PEERS.some((peer) => peer.name === name && peer.httpVersion === 'h2')
    ? peer(name, isTls)
    : undefined
}

/** The names of all servers that can be attacked. */
export function serverNames(): string[] {
  return [...IMPLEMENTATIONS, ...PEERS].flatMap(({ name, httpVersion }) =>
    httpVersion === 'h2' ? [name] : [],
  )
}

function needsMet(isTls: boolean, others: readonly Need[]): readonly Need[] {
  return isTls ? ['tls', ...others] : others
}

/** An implementation, by `h2lab serve`. */
function served(name: string, isTls: boolean): AttackedServer {
  const { mostClients, protocol, availability } = findImplementation(name)!
  const isBlocking = name.startsWith('none/') || name.startsWith('thread/')
  const app = join(SERVERS, isBlocking ? 'blocking-application.mjs' : 'application.mjs')
  const hasHandlers = protocol !== 'mini'
  const args = [
    ...['serve', name, '--port', '0', isTls ? '--tls' : '--no-tls'],
    ...(hasHandlers ? ['--app', app] : []),
  ]
  return {
    name,
    kind: OURS.includes(name) ? 'ours' : 'comparison',
    has: needsMet(isTls, [
      ...(hasHandlers ? (['application'] as const) : []),
      ...(hasHandlers && !isBlocking ? (['waiting-handlers'] as const) : []),
    ]),
    mostClients,
    async unavailable() {
      const found = availability()
      return found.state === 'unavailable' ? found.reason : undefined
    },
    start: () => startProgram(H2LAB, args),
  }
}

/** `node:http2` with the suite's application. */
function nodeHttp2(isTls: boolean): AttackedServer {
  return {
    name: 'node-http2',
    kind: 'comparison',
    has: needsMet(isTls, ['application', 'waiting-handlers']),
    mostClients: Number.POSITIVE_INFINITY,
    unavailable: async () => undefined,
    start: () => startProgram(join(SERVERS, 'node-http2.mjs'), isTls ? [] : ['--no-tls']),
  }
}

/** A program that h2lab compares with: it answers GET / and nothing else. */
function peer(name: string, isTls: boolean): AttackedServer {
  const target = findTarget(name)!
  return {
    name,
    kind: 'comparison',
    has: needsMet(isTls, []),
    mostClients: target.mostClients,
    async unavailable() {
      const found = await target.availability()
      return found.state === 'unavailable' ? found.reason : undefined
    },
    async start() {
      const { url, pid, stop } = await target.start({ tls: isTls ? await devTls() : undefined })
      return { url, pid, stop, said: () => '' }
    },
  }
}

/** A server that somebody else runs on this machine. */
export function givenServer(
  url: URL,
  pid: number | undefined,
  hasApplication: boolean,
): AttackedServer {
  return {
    name: url.origin,
    kind: 'given',
    has: needsMet(
      url.protocol === 'https:',
      hasApplication ? ['application', 'waiting-handlers'] : [],
    ),
    mostClients: Number.POSITIVE_INFINITY,
    unavailable: async () => undefined,
    start: async () => ({ url: url.href, pid, said: () => '', stop: async () => {} }),
  }
}
