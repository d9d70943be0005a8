import { PROTOCOL_NAMES, type ProtocolName } from '@h2lab/mini-http2'
import { type DispatchMethod, implementationName } from '@h2lab/mini-http2/server'
import { asyncCustom, asyncSockets, nodeHttp2 } from '@h2lab/server-async'

/** One way to build a server: a dispatch method with a protocol. */
export interface Implementation {
  /** As `async/mini`. */
  readonly name: string
  /** What it is, in one line. */
  readonly title: string
  readonly method: DispatchMethod
  /** Undefined for a method with a protocol of its own. */
  readonly protocol: ProtocolName | undefined
}

/** What the dispatch methods do, by name, for `h2lab list`. */
const METHODS: readonly (readonly [method: DispatchMethod, title: string])[] = [
  [asyncSockets, 'event loop of Node: net and tls'],
  [asyncCustom, 'a poll loop of our own over raw descriptors, OpenSSL driven by hand'],
  [nodeHttp2, 'node:http2 with its own protocol, stream API: the baseline'],
]

const PROTOCOLS: Readonly<Record<ProtocolName, string>> = {
  mini: 'simplified protocol, the speed limit',
  http2: 'all of RFC 9113, with a handler behind it',
}

/**
 * All implementations, each dispatch method with each protocol that it carries. A new one
 * appears here, in every command and in the default experiment by its line in METHODS.
 */
export const IMPLEMENTATIONS: readonly Implementation[] = METHODS.flatMap(([method, title]) =>
  protocolsOf(method).map((protocol) => ({
    name: implementationName(method, protocol),
    title: protocol === undefined ? title : `${title}; ${PROTOCOLS[protocol]}`,
    method,
    protocol,
  })),
)

function protocolsOf(method: DispatchMethod): readonly (ProtocolName | undefined)[] {
  if (method.protocols === 'own') return [undefined]
  return PROTOCOL_NAMES.filter((name) => method.protocols.includes(name))
}

/** Returns the implementation of that name, or undefined. */
export function findImplementation(name: string): Implementation | undefined {
  return IMPLEMENTATIONS.find((implementation) => implementation.name === name)
}
