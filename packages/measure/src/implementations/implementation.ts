import { type DispatchMethod, implementationName } from '@h2lab/mini-http2/server'
import { asyncCustom, asyncSockets, nodeHttp2 } from '@h2lab/server-async'
import { none, type SyncProtocolName, thread } from '@h2lab/server-sync'
import { uws, uwsAvailability } from '@h2lab/server-uws'
import type { Availability } from '../generators/load-generator'
import type { HttpVersion } from '../load/http-version'

/** A way to build a server: a dispatch method with a protocol. */
export interface Implementation {
  /** Such as `async/mini`. */
  readonly name: string
  /** What it is, in one line. */
  readonly title: string
  readonly method: DispatchMethod<string>
  /** Undefined for a method with a protocol of its own. */
  readonly protocol: string | undefined
  readonly httpVersion: HttpVersion
  /** The most clients it serves at once. */
  readonly mostClients: number
  /** Whether it is available on this machine. */
  availability(): Availability
}

/** A dispatch method, and what `h2lab` needs to know about it. */
interface MethodEntry {
  readonly method: DispatchMethod<SyncProtocolName>
  readonly title: string
  /** The most clients it serves at once; others would wait for a whole trial. */
  readonly mostClients?: number | undefined
  /** Default: HTTP/2. */
  readonly httpVersion?: HttpVersion
  /** Default: available wherever Node.js is. */
  availability?(): Availability
}

const METHODS: readonly MethodEntry[] = [
  { method: none, title: 'blocking, one client at a time', mostClients: 1 },
  {
    method: thread,
    title: 'blocking, a thread for each client',
    mostClients: thread.defaultMaxClients,
  },
  { method: asyncSockets, title: 'event loop of Node: net and tls' },
  {
    method: asyncCustom,
    title: 'a poll loop of our own over raw descriptors, OpenSSL driven by hand',
  },
  {
    method: nodeHttp2,
    title: 'node:http2 with its own protocol, stream API: the baseline',
  },
  {
    method: uws,
    title: 'uWebSockets.js with its own protocol, the comparison from outside HTTP/2',
    httpVersion: 'http/1.1',
    availability: availabilityOfUws,
  },
]

/** The titles of the protocols, in display order. */
const PROTOCOLS: Readonly<Record<SyncProtocolName, string>> = {
  mini: 'simplified protocol, the speed limit',
  http2: 'all of RFC 9113, with a handler behind it',
  nghttp2: 'the C library inside the Node binary, with a handler behind it',
}

/**
 * All implementations: each dispatch method with each protocol that it supports. A line in METHODS adds a method
 * here, to every command and to the default experiment.
 */
export const IMPLEMENTATIONS: readonly Implementation[] = METHODS.flatMap((entry) =>
  protocolsOf(entry.method).map((protocol) => ({
    name: implementationName(entry.method, protocol),
    title: protocol === undefined ? entry.title : `${entry.title}; ${PROTOCOLS[protocol]}`,
    method: entry.method,
    protocol,
    httpVersion: entry.httpVersion ?? 'h2',
    mostClients: entry.mostClients ?? Number.POSITIVE_INFINITY,
    availability: entry.availability ?? availabilityOfNode,
  })),
)

function availabilityOfNode(): Availability {
  return { state: 'available', version: `Node ${process.versions.node}` }
}

function availabilityOfUws(): Availability {
  const availability = uwsAvailability()
  if (availability.state === 'unavailable') return availability
  return { state: 'available', version: `${availability.package} ${availability.version}` }
}

function protocolsOf({
  protocols,
}: DispatchMethod<SyncProtocolName>): readonly (SyncProtocolName | undefined)[] {
  if (protocols === 'own') return [undefined]
  const names = Object.keys(PROTOCOLS) as SyncProtocolName[]
  return names.filter((name) => protocols.includes(name))
}

/** Returns the implementation of that name, or undefined. */
export function findImplementation(name: string): Implementation | undefined {
  return IMPLEMENTATIONS.find((implementation) => implementation.name === name)
}
